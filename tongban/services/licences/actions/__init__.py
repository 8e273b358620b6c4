"""The room's acting door."""

from tongban.services.licences.rules.metadata import Holder

from .coding import credential_of
from .making import issue, prepared_licence
from .types import load_type

__all__ = ["Holder", "credential_of", "issue", "load_type", "prepared_licence"]
