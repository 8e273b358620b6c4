"""The room's reading door."""

from .designing import types_to_review
from .gathering import batches_waiting, gatherings_of
from .licences import (
    Chapter,
    has_licence,
    is_holder,
    issued_by,
    licence_by_identifier,
    licence_for,
    licence_of_case,
    my_licences,
    own_index,
    standing_for,
    story_of,
    types_held,
    versions_of,
)
from .public import CopyFace, PublicFace, public_copy, public_face, public_faces, standing_of_family
from .scenes import last_doer, scenes_of, scenes_waiting
from .standing import Brief, brief_of, briefs_of, lent_briefs, standing_briefs
from .types import codes_in_force, forget_types, runs_until, type_in_force, type_version, types_in_force, types_of
from .using import copies_of, grants_of, is_live, ledger_of, uses_by
from .words import lines_of

__all__ = [
    "Brief",
    "Chapter",
    "CopyFace",
    "PublicFace",
    "batches_waiting",
    "brief_of",
    "briefs_of",
    "codes_in_force",
    "copies_of",
    "forget_types",
    "gatherings_of",
    "grants_of",
    "has_licence",
    "is_holder",
    "is_live",
    "issued_by",
    "last_doer",
    "ledger_of",
    "lent_briefs",
    "licence_by_identifier",
    "licence_for",
    "licence_of_case",
    "lines_of",
    "my_licences",
    "own_index",
    "public_copy",
    "public_face",
    "public_faces",
    "runs_until",
    "scenes_of",
    "scenes_waiting",
    "standing_briefs",
    "standing_for",
    "standing_of_family",
    "story_of",
    "type_in_force",
    "type_version",
    "types_held",
    "types_in_force",
    "types_of",
    "types_to_review",
    "uses_by",
    "versions_of",
]
