"""Answers from the pages behind the links of letters: what a case is, and the forms of what an office may say."""
