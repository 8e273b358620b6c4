"""What the city remembers about its service items."""

from .catalogue import Catalogue, CodeTable, ItemVersion, ServiceItem, Synonym
from .listed import ListedCorrection, ListedItem

__all__ = ["Catalogue", "CodeTable", "ItemVersion", "ListedCorrection", "ListedItem", "ServiceItem", "Synonym"]
