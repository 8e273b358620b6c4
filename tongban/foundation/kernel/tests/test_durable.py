"""A file is there whole or not at all, and whoever is first with a key wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tongban.foundation.kernel.durable import PART, whole_file, write_once


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "new" / "folder" / "letter"
    with whole_file(place) as part:
        part.write_text("first")
        assert not place.exists()
        assert part.name.endswith(PART)
    with pytest.raises(ZeroDivisionError), whole_file(place) as part:
        part.write_text(f"half of the sec{1 / 0}")
    assert (place.read_text(), listed(tmp_path)) == ("first", ["letter"])


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_we_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(
        os, "fsync", lambda handle: told.append(os.readlink(f"/proc/self/fd/{handle}")) or fsync(handle)
    )
    monkeypatch.setattr(Path, "replace", lambda self, to: told.append("named") or replace(self, to))
    with whole_file(tmp_path / "a" / "letter") as part:
        part.write_text("words")
    assert told == [str(tmp_path), str(part), "named", str(tmp_path / "a")]


def test_of_two_who_make_a_key_the_first_wins(tmp_path: Path) -> None:
    write_once(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "key", b"second")
    assert ((tmp_path / "key").read_bytes(), listed(tmp_path)) == (b"first", ["key"])
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
