"""Static files as they are served: under names that tell their content, those of several releases beside each other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

CODE = Path(__file__).resolve().parents[2]
RELEASES = 3  # whose files are kept: while one release takes over from another, and for the way back


class Collected(CompressedManifestStaticFilesStorage):
    """Each release has a list of its own, by the folder its code lies in; a release that goes on running misses nothing."""

    manifest_name = f"staticfiles-{hashlib.sha256(str(CODE).encode()).hexdigest()[:10]}.json"


def forget_old_releases(root: Path) -> int:
    """Files that no list of the newest releases names go; how many."""
    lists = sorted(root.glob("staticfiles*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in lists[:-RELEASES]:
        path.unlink()
    wanted = {root / path.name for path in lists}
    for path in lists[-RELEASES:]:
        named = json.loads(path.read_text())["paths"]
        wanted |= {root / f"{name}{ending}" for pair in named.items() for name in pair for ending in ("", ".gz", ".br")}
    gone = [path for path in root.rglob("*") if path.is_file() and path not in wanted]
    for path in gone:
        path.unlink()
    return len(gone)
