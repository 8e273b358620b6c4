"""The room's reading door."""

from .licences import is_holder, licence_for, licence_of_case, my_licences, own_index, standing_for, versions_of
from .public import PublicFace, public_face, public_faces, standing_of_family
from .types import forget_types, type_in_force, type_version, types_in_force, types_of

__all__ = [
    "PublicFace",
    "forget_types",
    "is_holder",
    "licence_for",
    "licence_of_case",
    "my_licences",
    "own_index",
    "public_face",
    "public_faces",
    "standing_for",
    "standing_of_family",
    "type_in_force",
    "type_version",
    "types_in_force",
    "types_of",
    "versions_of",
]  # fmt: skip
