"""What the city remembers about its service items."""

from .basic import BasicItem
from .catalogue import Catalogue, CodeTable, ItemVersion, ServiceItem, Synonym
from .listed import ListedCorrection, ListedItem

__all__ = [
    "BasicItem",
    "Catalogue",
    "CodeTable",
    "ItemVersion",
    "ListedCorrection",
    "ListedItem",
    "ServiceItem",
    "Synonym",
]
