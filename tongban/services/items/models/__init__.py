"""What the city remembers about its service items."""

from .basic import BasicItem
from .catalogue import Catalogue, CodeTable, ItemVersion, ServiceItem, Synonym
from .exchange import ImportBatch, ImportRow
from .listed import ListedCorrection, ListedItem
from .proposals import Proposal
from .story import ItemEvent, Succession

__all__ = [
    "BasicItem",
    "Catalogue",
    "CodeTable",
    "ImportBatch",
    "ImportRow",
    "ItemEvent",
    "ItemVersion",
    "ListedCorrection",
    "ListedItem",
    "Proposal",
    "ServiceItem",
    "Succession",
    "Synonym",
]
