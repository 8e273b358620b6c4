"""What departments list: systems, data resources and their items, in versions; what they ask of one another."""

from .demands import Demand
from .entries import DataItem, Entry, Review, Version
from .intake import Intake
from .tables import ItemResult, ValueTable

__all__ = ["DataItem", "Demand", "Entry", "Intake", "ItemResult", "Review", "ValueTable", "Version"]
