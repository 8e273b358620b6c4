"""The backup folder: what counts as a backup, which log carries on from it, which files it brings back."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tongban.config.launch.faults import LaunchError
from tongban.config.recovery import checking, taking, trees, wal, walking
from tongban.config.recovery.store import Backup, Store, now, stamp

SIZE = 16 << 20


def backup(days_ago: float = 0, *, start: int = 2) -> Backup:
    ended = now() - timedelta(days=days_ago)
    return Backup(
        name=stamp(ended - timedelta(seconds=1)), ended=ended.isoformat(), server=15, system="1", segment_bytes=SIZE,
        timeline=1, start=f"0/{start:X}000028", end=f"0/{start:X}000100", superuser="postgres", plain_bytes=1, files=0,
    )  # fmt: skip


def keep(store: Store, made: Backup, tree: trees.Tree | None = None) -> Backup:
    store.put(f"bases/{made.name}/database", [b"a tar"])
    store.put_json(f"bases/{made.name}/tree", {name: entry.line() for name, entry in (tree or {}).items()})
    store.finish(made)
    return made


def segment(of: int, timeline: int = 1) -> str:
    return wal.name(timeline, of, SIZE)


# -- what counts ---------------------------------------------------------------------------------------------------------


def test_a_half_made_backup_does_not_count_and_goes(store: Store) -> None:
    whole = keep(store, backup())
    store.put("bases/20300101T000000.000000Z/database", [b"half"])
    assert store.backups() == [whole]
    store.drop_half_made()
    assert [place.name for place in (store.folder / "bases").iterdir()] == [whole.name]


def test_a_full_disk_is_said_and_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LaunchError, match="磁盘已满"):
        store.put("wal/1", [b"x"])
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_the_folder_of_another_database_is_left_alone(store: Store) -> None:
    store.belong_to("1")
    store.belong_to("1")
    with pytest.raises(LaunchError, match="另一个数据库"):
        store.belong_to("2")


def test_only_one_backup_at_a_time(store: Store) -> None:
    with store.alone(), pytest.raises(LaunchError, match="正在进行"), store.alone():
        pass


def test_the_newest_backup_before_a_moment_is_chosen(store: Store) -> None:
    old, new = keep(store, backup(2)), keep(store, backup(0))
    assert store.newest() == new
    assert store.newest(until=now() - timedelta(days=1)) == old
    with pytest.raises(LaunchError, match="没有早于"):
        store.newest(until=now() - timedelta(days=3))


# -- the log -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "usable", "gap"),
    [
        ([], [], None),
        ([3, 4], [3, 4], None),
        ([2, 3], [2, 3], None),  # the backup's own segment may have come by the stream, too
        ([4], [], (segment(2), segment(4))),
        ([3, 5, 6], [3], (segment(3), segment(5))),
        ([0, 1, 3], [3], None),  # older than the backup
    ],
)
def test_the_log_is_followed_up_to_the_first_gap(held: list[int], usable: list[int], gap: object) -> None:
    found = wal.reach(map(segment, held), start="0/2000028", end="0/2000100", timeline=1, size=SIZE)
    assert found == wal.Reach(tuple(map(segment, usable)), gap)


def test_the_log_goes_on_over_a_change_of_timeline_and_over_4_gigabytes() -> None:
    names = [segment(255), segment(256, timeline=2), segment(257, timeline=2) + ".partial", "00000002.history"]
    found = wal.reach(names, start="0/FE000028", end="0/FE000100", timeline=1, size=SIZE)
    assert found == wal.Reach((segment(255), segment(256, 2), segment(257, 2) + ".partial"))
    assert segment(256) == "000000010000000100000000"


# -- files ---------------------------------------------------------------------------------------------------------------


def test_files_come_back_as_they_were_at_each_moment(store: Store, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    roots = {"files": house}
    (house / "stays").write_text("1")
    (house / "changes").write_text("1")
    (house / "goes").write_text("1")
    known: trees.Tree = {}
    walk = walking.Walk(roots)
    trees.carry(store, walk, known, now())
    tree = dict(known)
    made = keep(store, backup(-0.0001), tree)
    between = now() + timedelta(days=1)
    (house / "changes").write_text("22")
    (house / "goes").unlink()
    (house / "comes").write_text("1")
    trees.carry(store, walk, known, between + timedelta(seconds=1))
    after = dict(known)
    trees.carry(store, walk, known, between + timedelta(days=1))
    assert known == after
    assert len(store.names("trees")) == 2, "nothing changed, nothing is written"

    assert trees.listing(store, made, until=between) == tree
    assert trees.listing(store, made) == after
    assert set(after) == {"files/stays", "files/changes", "files/comes"}
    assert b"".join(store.get(tree["files/changes"].at)) == b"1"
    assert b"".join(store.get(after["files/changes"].at)) == b"22"


def test_names_in_the_folder_tell_nothing(store: Store, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "licence").write_text("secret words")
    trees.carry(store, walking.Walk({"files": house}), {}, now())
    for path in store.folder.rglob("*"):
        assert "licence" not in path.name
        assert path.is_dir() or b"secret" not in path.read_bytes()


# -- what is too old -----------------------------------------------------------------------------------------------------


def test_any_moment_of_the_kept_days_stays_restorable_and_the_rest_goes(store: Store) -> None:
    lines = {f"files/{n}": trees.Entry(1, 1, 0o600, f"pool/0{n}/0{n}") for n in range(4)}
    for entry in lines.values():
        store.put(entry.at, [b"x"])
        os.utime(store.path(entry.at), (0, 0))
    ages = [(50, 2, "files/0"), (40, 4, "files/1"), (10, 6, "files/2")]
    oldest, before, recent = [keep(store, backup(days, start=start), {name: lines[name]}) for days, start, name in ages]
    for of in range(2, 9):
        store.put(f"wal/{segment(of)}", [b"x"])
    taking.forget_old(store, 35)
    assert store.backups() == [before, recent]
    assert store.names("wal") == [segment(of) for of in range(4, 9)]
    assert [n for n in range(4) if store.has(f"pool/0{n}/0{n}")] == [1, 2]
    assert not (store.folder / "bases" / oldest.name).exists()


# -- checking ------------------------------------------------------------------------------------------------------------


def test_checking_names_every_fault_at_once(store: Store, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "one").write_text("1")
    tree: trees.Tree = {}
    trees.carry(store, walking.Walk({"files": house}), tree, now())
    made = keep(store, backup(), tree)
    for of in (3, 4, 6):
        store.put(f"wal/{segment(of)}", [b"x"])
    assert [fault.args[0].split("。")[0] for fault in checking.verify(store).faults] == [
        str(checking.faults.gap(segment(4), segment(6))).split("。")[0]
    ]
    store.path(f"bases/{made.name}/database").write_bytes(b"TONGBAN1")
    store.path(f"wal/{segment(3)}").write_bytes(store.path(f"wal/{segment(4)}").read_bytes())
    store.remove(tree["files/one"].at)
    said = " ".join(map(str, checking.verify(store).faults))
    for words in ("database 不完整", f"wal/{segment(3)} 已损坏", "缺少文件 pool/", "缺口"):
        assert words in said


def test_there_must_be_a_backup_to_check(store: Store) -> None:
    with pytest.raises(LaunchError, match="没有完整的备份"):
        checking.verify(store)
