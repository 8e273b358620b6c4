"""What the city remembers about licences."""

from .gathering import Batch, BatchRow, Gathering
from .licences import Licence, LicenceChange, LicenceType
from .sent import Sent
from .use import Copy, Grant, Layout, Scene, ShortCode, Use

__all__ = [
    "Batch", "BatchRow", "Copy", "Gathering", "Grant", "Layout", "Licence", "LicenceChange", "LicenceType", "Scene",
    "Sent", "ShortCode", "Use",
]  # fmt: skip
