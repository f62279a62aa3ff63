"""`dondoc doctor`: examines everything that a night needs, and says what is wrong and what to do."""

from dondoc.flows.doctor.diagnosis import Diagnosis, Grade
from dondoc.flows.doctor.examine import examine

__all__ = ["Diagnosis", "Grade", "examine"]
