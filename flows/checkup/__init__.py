"""`dondoc doctor`: everything a night stands on is looked at, and what is wrong is said with what to do."""

from flows.checkup.answer import Answer, Grade
from flows.checkup.round import examine

__all__ = ["Answer", "Grade", "examine"]
