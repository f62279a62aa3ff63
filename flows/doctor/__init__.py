"""`dondoc doctor`: everything a night stands on is looked at, and what is wrong is said with what to do."""

from dondoc.flows.doctor.diagnosis import Diagnosis, Grade
from dondoc.flows.doctor.examine import examine

__all__ = ["Diagnosis", "Grade", "examine"]
