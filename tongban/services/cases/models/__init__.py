"""What the city remembers about applications and cases.

References to other rooms are plain ids without a database foreign key: cases are many, will be partitioned by key and time,
and what they point to (a published version, a department) is never deleted.
"""

from .cases import Case, CaseEvent, CaseMaterial, CaseStep
from .counter import Help, Visit
from .counts import StageCount
from .drafts import DaySerial, Draft, IntakeKey, SavedView
from .papers import Correction, Decision, Delivery, Ending, Extension, Suspension
from .signatures import Signature
from .together import Asking, Transfer

__all__ = [
    "Asking",
    "Case",
    "CaseEvent",
    "CaseMaterial",
    "CaseStep",
    "Correction",
    "DaySerial",
    "Decision",
    "Delivery",
    "Draft",
    "Ending",
    "Extension",
    "Help",
    "IntakeKey",
    "SavedView",
    "Signature",
    "StageCount",
    "Suspension",
    "Transfer",
    "Visit",
]
