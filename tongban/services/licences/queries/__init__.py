"""The room's reading door."""

from .licences import (
    Chapter,
    has_licence,
    is_holder,
    licence_for,
    licence_of_case,
    my_licences,
    own_index,
    standing_for,
    story_of,
    versions_of,
)
from .public import PublicFace, public_face, public_faces, standing_of_family
from .types import forget_types, type_in_force, type_version, types_in_force, types_of

__all__ = [
    "Chapter",
    "PublicFace",
    "forget_types",
    "has_licence",
    "is_holder",
    "licence_for",
    "licence_of_case",
    "my_licences",
    "own_index",
    "public_face",
    "public_faces",
    "standing_for",
    "standing_of_family",
    "story_of",
    "type_in_force",
    "type_version",
    "types_in_force",
    "types_of",
    "versions_of",
]
