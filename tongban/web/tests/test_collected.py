"""Static files of the release that goes on running stay, and of the ones before it; older ones go."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tongban.web.collected import RELEASES, forget_old_releases


def collect(root: Path, release: int) -> None:
    """As one release leaves it: its list, a file of its own and one it shares with all."""
    for name in ("shared.css", f"own.{release}.js", f"own.{release}.js.gz"):
        (root / name).write_text("x")
    named = root / f"staticfiles-{release}.json"
    named.write_text(json.dumps({"paths": {"a.css": "shared.css", "own.js": f"own.{release}.js"}}))
    os.utime(named, (release, release))


def test_the_files_of_the_newest_releases_stay(tmp_path: Path) -> None:
    for release in range(1, RELEASES + 2):
        collect(tmp_path, release)
    assert forget_old_releases(tmp_path) == 2
    there = {path.name for path in tmp_path.iterdir()}
    assert "shared.css" in there
    assert {f"own.{release}.js.gz" for release in range(2, RELEASES + 2)} <= there
    assert not {"own.1.js", "own.1.js.gz", "staticfiles-1.json"} & there
    assert forget_old_releases(tmp_path) == 0
