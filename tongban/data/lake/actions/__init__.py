"""Everything that can be done to the lake. A batch is landed part by part, then merged: as a whole, once, whatever is killed."""

from .guarding import clear_orphans, set_aside, set_guards
from .holding import WRITE
from .landing import abandon_batch, begin_batch, create_dataset, land_part, seal_batch
from .merging import merge_batch, replay

__all__ = [
    "WRITE",
    "abandon_batch",
    "begin_batch",
    "clear_orphans",
    "create_dataset",
    "land_part",
    "merge_batch",
    "replay",
    "seal_batch",
    "set_aside",
    "set_guards",
]
