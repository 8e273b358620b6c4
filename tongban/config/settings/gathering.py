"""Which folders and hosts a department's data may be fetched from."""

import os

from .lake import LAKE_ROOT

# Each department has a folder of its own in it, by its code: what is put or uploaded there can be gathered, nothing else.
GATHERING_ROOT = os.environ.get("TONGBAN_GATHERING_ROOT", f"{LAKE_ROOT}/inbox")
# Whether a source may lie on this very machine: then its own database and services are within a steward's reach.
GATHERING_INSIDE = os.environ.get("TONGBAN_GATHERING_INSIDE", "") == "1"
