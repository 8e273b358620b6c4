"""The room's acting door."""

from tongban.services.licences.rules.metadata import Holder

from .making import issue, prepared_licence
from .types import load_type

__all__ = ["Holder", "issue", "load_type", "prepared_licence"]
