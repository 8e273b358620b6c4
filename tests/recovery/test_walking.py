"""A look after the first reads only folders whose time moved and asks only new files, and misses nothing."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.config.recovery.walking import Walk

FOLDERS, EACH = 30, 20


class House:
    """A folder whose times are ours, so that nothing in it is warm unless we say so."""

    def __init__(self, root: Path, past: Path | None = None) -> None:
        """`past`: a folder that holds what was replaced, so that its inode is not given again at once."""
        self.root, self.past, self._clock = root, past, itertools.count(1_000_000)

    def settle(self, path: Path) -> None:
        at = next(self._clock)
        os.utime(path, (at, at))

    def put(self, name: str, words: str = "x") -> None:
        """As the file store does: written beside, renamed into place."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_text(words)
        self.settle(part)
        if self.past:
            os.link(part, self.past / str(next(self._clock)))
        part.rename(path)
        for folder in (path.parent, *path.parent.parents):
            self.settle(folder)
            if folder == self.root:
                break

    def remove(self, name: str) -> None:
        path = self.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.settle(path.parent)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    for folder, number in itertools.product(range(FOLDERS), range(EACH)):
        made.put(f"{folder}/{number}")
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the system was asked: for a file's or folder's state, for a folder's names."""
    counted: Counter[str] = Counter()
    for name in ("stat", "scandir"):
        real = getattr(os, name)
        counting = lambda *a, _real=real, _name=name, **k: (counted.update([_name]), _real(*a, **k))[1]  # noqa: E731
        monkeypatch.setattr(os, name, counting)
    yield counted
    monkeypatch.undo()


def test_where_nothing_happened_nothing_is_read(house: House, asked: Counter[str]) -> None:
    walk = Walk({"files": house.root})
    assert len(walk.look().fresh) == FOLDERS * EACH
    assert asked == {"scandir": FOLDERS + 1, "stat": FOLDERS + 1 + FOLDERS * EACH}
    asked.clear()
    assert (walk.look().fresh, asked) == ({}, {"stat": FOLDERS + 1})


def test_what_came_went_or_was_replaced_is_found_by_reading_its_folder_alone(house: House, asked: Counter[str]) -> None:
    walk = Walk({"files": house.root})
    walk.look()
    house.put("7/new")
    house.put("8/3", "other")
    house.remove("9/4")
    house.remove("10")
    asked.clear()
    found = walk.look()
    assert set(found.fresh) == {"files/7/new", "files/8/3"}
    assert set(found.gone) == {"files/9/4", *(f"files/10/{number}" for number in range(EACH))}
    assert asked == {"scandir": 4, "stat": FOLDERS + 2}  # the root and three folders; two files


def test_a_file_that_is_still_being_written_is_asked_until_it_rests(house: House) -> None:
    walk = Walk({"files": house.root})
    growing = house.root / "1" / "lake.parquet"
    growing.write_text("half")
    house.settle(growing.parent)
    assert walk.look().fresh["files/1/lake.parquet"].st_size == 4
    with growing.open("a") as more:
        more.write(" and half")
    assert walk.look().fresh["files/1/lake.parquet"].st_size == 13
    house.settle(growing)
    walk.look()
    assert walk.look().fresh == {}


def test_a_folder_that_has_just_changed_is_read_again_for_clocks_are_coarse(house: House) -> None:
    walk = Walk({"files": house.root})
    os.utime(house.root / "5")
    walk.look()
    before = (house.root / "5").stat().st_mtime_ns
    (house.root / "5" / "same tick").write_text("x")
    os.utime(house.root / "5", ns=(before, before))
    assert set(walk.look().fresh) == {"files/5/same tick"}


def test_what_is_unfinished_is_no_file_and_a_folder_may_be_away(house: House, tmp_path: Path) -> None:
    (house.root / "1" / "new.part").write_text("half")
    walk = Walk({"files": house.root, "keys": tmp_path / "none"})
    assert not any("part" in name or "keys" in name for name in walk.look().fresh)


NAMES = st.sampled_from([f"{a}/{b}" for a in "ab" for b in ("1", "2", "c/3")] + ["d"])
STEPS = st.lists(st.tuples(st.sampled_from(["put", "remove", "look", "forget"]), NAMES), max_size=30)


@given(STEPS)
def test_whatever_happens_looks_add_up_to_what_is_there(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as past:
        house, known = House(Path(folder), Path(past)), dict[str, tuple[int, int]]()
        walk = Walk({"files": house.root})
        for number, (verb, name) in enumerate([*steps, ("look", "")]):
            if verb == "put":
                house.put(name, "x" * number)
            elif verb == "remove" and (house.root / name).exists():
                house.remove(name)
            elif verb == "forget":  # as after a crash
                walk.forget()
            elif verb == "look":
                found = walk.look()
                known = {} if found.is_whole else {name: was for name, was in known.items() if name not in found.gone}
                known |= {name: (was.st_size, was.st_mtime_ns) for name, was in found.fresh.items()}
        there = {
            f"files/{path.relative_to(house.root)}": (path.stat().st_size, path.stat().st_mtime_ns)
            for path in house.root.rglob("*") if path.is_file()
        }  # fmt: skip
        assert known == there
