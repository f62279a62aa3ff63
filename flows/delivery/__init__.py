"""The delivery of due letters, and the operator's decisions on letters that wait."""
