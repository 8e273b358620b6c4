"""What the city remembers about licences."""

from .gathering import Batch, BatchRow, Gathering
from .licences import Licence, LicenceChange, LicenceType
from .use import Copy, Grant, Layout, Scene, ShortCode, Use

__all__ = [
    "Batch", "BatchRow", "Copy", "Gathering", "Grant", "Layout", "Licence", "LicenceChange", "LicenceType", "Scene",
    "ShortCode", "Use",
]  # fmt: skip
