"""What the city remembers about its service items."""

from .basic import BasicItem
from .catalogue import Catalogue, CodeTable, ItemVersion, ServiceItem, Synonym
from .listed import ListedCorrection, ListedItem
from .story import ItemEvent, Succession

__all__ = [
    "BasicItem",
    "Catalogue",
    "CodeTable",
    "ItemEvent",
    "ItemVersion",
    "ListedCorrection",
    "ListedItem",
    "ServiceItem",
    "Succession",
    "Synonym",
]
