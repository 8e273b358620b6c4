"""The room's reading door."""

from .licences import is_holder, licence_for, licence_of_case, my_licences, own_index, standing_for, versions_of
from .types import forget_types, type_in_force, type_version, types_in_force, types_of

__all__ = [
    "forget_types", "is_holder", "licence_for", "licence_of_case", "my_licences", "own_index", "standing_for",
    "type_in_force", "type_version", "types_in_force", "types_of", "versions_of",
]  # fmt: skip
