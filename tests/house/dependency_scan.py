"""Known holes in what we build on: `python -m tests.house.dependency_scan`.

It needs advisory data and says so plainly when there are none, for a city's own network has no way out. The data are OSV's
(https://osv.dev, CC-BY 4.0): `all.zip` of PyPI or of npm, as downloaded from osv-vulnerabilities, or folders of the same JSON
files, brought in from outside and named by TONGBAN_ADVISORIES (several by comma).
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
NOT_CHECKED = "dependencies: NOT CHECKED against known holes: no advisory data (TONGBAN_ADVISORIES)"
OLD_DAYS = 30


def plain_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[tuple[str, str], str]:
    """(ecosystem, name) → version, of everything the locks name."""
    found = {}
    for lock in ROOT.glob("requirements*.txt"):
        found |= {("PyPI", plain_name(name)): version for name, version in PINNED.findall(lock.read_text())}
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    found |= {
        ("npm", path.rpartition("node_modules/")[2]): about["version"]
        for path, about in packages.items()
        if path and "version" in about
    }
    return found


def _documents(place: Path) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Every advisory, and when it was last changed."""
    if place.is_dir():
        texts: Iterator[bytes] = (path.read_bytes() for path in place.rglob("*.json"))
    else:
        archive = ZipFile(place)
        texts = (archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    for text in texts:
        advisory = json.loads(text)
        yield advisory, datetime.fromisoformat(advisory["modified"].replace("Z", "+00:00"))


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _lies_in(version: Version, events: list[dict[str, str]]) -> bool:
    """Between an `introduced` and the `fixed` or `last_affected` after it."""
    inside = False
    for event in events:
        if "introduced" in event:
            inside = inside or version >= _version(event["introduced"])
        elif "fixed" in event:
            inside = inside and version < _version(event["fixed"])
        elif "last_affected" in event:
            inside = inside and version <= _version(event["last_affected"])
    return inside


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    """OSV's rule: named outright, or within a range of versions."""
    spans = [span for span in affected.get("ranges", ()) if span.get("type") in ("ECOSYSTEM", "SEMVER")]
    named = version in affected.get("versions", ())
    return named or any(_lies_in(_version(version), span["events"]) for span in spans)


def holes(advisories: list[dict[str, Any]], versions: dict[tuple[str, str], str]) -> list[str]:
    """One line for each of our packages that an advisory, not withdrawn, speaks of."""
    found = set()
    for advisory in advisories:
        for affected in () if "withdrawn" in advisory else advisory.get("affected", ()):
            package = affected.get("package", {})
            name = plain_name(package["name"]) if package.get("ecosystem") == "PyPI" else package.get("name", "")
            version = versions.get((package.get("ecosystem", ""), name))
            if version and is_affected(version, affected):
                found.add(f"{name} {version}: {advisory['id']} {advisory.get('summary', '')}".rstrip())
    return sorted(found)


def main() -> int:
    places = [Path(place) for place in os.environ.get("TONGBAN_ADVISORIES", "").split(",") if place]
    if not places:
        print(NOT_CHECKED)
        return 0
    told = [document for place in places for document in _documents(place)]
    found = holes([advisory for advisory, _changed in told], pinned())
    newest = max((changed for _advisory, changed in told), default=datetime(1970, 1, 1, tzinfo=UTC))
    age = (datetime.fromtimestamp(time.time(), UTC) - newest).days
    print(*found, sep="\n", end="\n" if found else "")
    late = f"; THE DATA ARE {age} DAYS OLD" if age > OLD_DAYS else ""
    print(f"dependencies: {len(found)} known holes, {len(told)} advisories up to {newest:%Y-%m-%d}{late}")
    return 1 if found or not told else 0


if __name__ == "__main__":
    sys.exit(main())
