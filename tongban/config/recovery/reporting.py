"""Writing a drill down as a fact of the running house, in a process of its own: the house has to be woken for that."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from tongban.config.launch.cluster import ROOT

from . import faults

if TYPE_CHECKING:
    from .drilling import Drilled


def report(drilled: Drilled) -> None:
    said = json.dumps(asdict(drilled) | {"differing": len(drilled.differing)})
    command = [sys.executable, "-m", "tongban", "drilled", said]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise faults.not_reported(done.stderr)
