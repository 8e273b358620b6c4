"""The house keeps its shape: storeys and shelves (import-linter), doors, short files, a README a room."""

from __future__ import annotations

import subprocess
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
DOORS = {"actions", "queries", "errors"}
MOUNTS = ("tongban.web", "tongban.config", "tongban.demo")  # they mount each room's faces and load each room's data
FOUNDERS = ("migrations", "tests", "management")
LONGEST_FILE = 400
GROUPS = ("foundation", "data", "services", "office")
ROOMS = [
    room
    for group in GROUPS
    for room in sorted((ROOT / "tongban" / group).iterdir())
    if room.is_dir() and not room.name.startswith("_")
]


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph("tongban", exclude_type_checking_imports=True, cache_dir=None)


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:3])


def test_rooms_are_entered_through_their_doors(house: grimp.ImportGraph) -> None:
    climbs = []
    for module in sorted(house.modules):
        if ".tests" in module or module.startswith(MOUNTS):
            continue
        for target in house.find_modules_directly_imported_by(module):
            home = room_of(target) in (room_of(module), "tongban.foundation.kernel")
            if not home and not DOORS & {*target.split(".")[3:4]}:
                climbs.append(f"{module} climbs into {target}")
    assert not climbs


def test_import_contracts_hold() -> None:
    done = subprocess.run(["lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_file_is_too_long() -> None:
    files = [
        path
        for folder in ("tongban", "tests")
        for ending in ("*.py", "*.html", "*.css", "*.js")
        for path in (ROOT / folder).rglob(ending)
        if not {"migrations", "vendor", "locale"} & set(path.parts)
    ]
    assert len(files) > 50
    long = {
        str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_a_readme(room: Path) -> None:
    lines = (room / "README.md").read_text().splitlines()
    assert 5 <= len(lines) <= 40, f"{room.name}/README.md should be a short page"


def test_no_two_rooms_share_a_name() -> None:
    names = [room.name for room in ROOMS]
    assert len(names) == len(set(names))
