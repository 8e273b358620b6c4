"""The store holds nothing but sealed files: they open only whole, unaltered, under their own name and with their key."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis.strategies import integers, lists

from tongban.foundation.files.actions import keep_made, seal_old
from tongban.foundation.files.errors import DataKeyMissing, FileDamaged
from tongban.foundation.files.gateways.sealed import HEAD, MARK, PIECE, Unsealed, sealed
from tongban.foundation.files.gateways.store import SealedFiles, the_store
from tongban.foundation.files.models import Content
from tongban.foundation.files.queries import content_of, path_of
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.pieces import TAG

NAME = "content/ab/cd/abcd"
STEP = PIECE + TAG
NOISE = os.urandom(4 * PIECE + 17)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(data: bytes, name: str = NAME) -> None:
    assert the_store().save(name, ContentFile(data)) == name


def read(name: str = NAME) -> bytes:
    with the_store().open(name) as plain:
        return plain.read()


# -- there and back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * 1024 * 1024 + 5])
def test_what_is_kept_comes_back_and_lies_nowhere_as_it_is(folder: Path, size: int) -> None:
    data = os.urandom(size)
    kept(data)
    assert read() == data
    assert the_store().size(NAME) == size
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    lying = path.read_bytes()
    assert len(lying) == HEAD + size + TAG * max(1, -(-size // PIECE))
    assert all(data[at : at + 16] not in lying for at in range(0, size - 16, size // 8 + 1))


def test_the_same_bytes_never_lie_there_the_same_way(folder: Path) -> None:
    assert b"".join(sealed(NAME, [b"x"])) != b"".join(sealed(NAME, [b"x"]))


@hypothesis_settings(max_examples=25, deadline=None)
@given(lists(integers(0, len(NOISE) + 5), min_size=2, max_size=6))
def test_any_part_is_read_without_the_rest(places: list[int]) -> None:
    plain = io.BufferedReader(Unsealed(io.BytesIO(b"".join(sealed(NAME, [NOISE]))), NAME), PIECE)
    for start, length in pairwise(places):
        plain.seek(start)
        assert plain.read(length) == NOISE[start : start + length]


def test_a_file_is_read_and_written_in_chunks_as_well(folder: Path) -> None:
    kept(NOISE)
    with the_store().open(NAME) as plain:
        assert b"".join(plain.chunks(1000)) == NOISE
        the_store().save("content/copy", plain)
    assert read("content/copy") == NOISE


class Fifty(File):
    """Fifty megabytes that nobody holds."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from (bytes([n]) * 1024 * 1024 for n in range(50))


def test_fifty_megabytes_take_the_memory_of_a_few_pieces(folder: Path) -> None:
    wanted = hashlib.sha256(b"".join(Fifty(None).chunks())).hexdigest()
    tracemalloc.start()
    try:
        the_store().save(NAME, Fifty(None))
        with the_store().open(NAME) as plain:
            found = hashlib.sha256()
            for chunk in plain.chunks():
                found.update(chunk)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.hexdigest() == wanted
    assert most < 5 * 1024 * 1024


def test_any_storage_can_hold_sealed_files() -> None:
    """As an S3 store would: it has no paths, and reads what it is given as a stream."""
    store = SealedFiles(within={"BACKEND": "django.core.files.storage.InMemoryStorage"})
    store.save("content/one", ContentFile(NOISE))
    with store.open("content/one") as plain:
        assert plain.read() == NOISE
    assert isinstance(store.within, InMemoryStorage)
    with store.within.open("content/one") as lying:
        assert lying.read(len(MARK)) == MARK
    store.delete("content/one")
    assert not store.exists("content/one")


def test_nobody_writes_into_what_lies_there() -> None:
    kept(b"x")
    with pytest.raises(ValueError, match="read and saved"):
        the_store().open(NAME, "wb")


# -- what is not as it was written -------------------------------------------------------------------------------------------


def altered(how: Any, data: bytes = NOISE) -> bytes:
    """What the store gives after its bytes were changed."""
    kept(data)
    path = Path(the_store().path(NAME))
    lying = bytearray(path.read_bytes())
    path.write_bytes(bytes(how(lying)))
    return read()


def flipped(lying: bytearray, at: int) -> bytearray:
    lying[at] ^= 1
    return lying


def piece(number: int) -> slice:
    return slice(HEAD + number * STEP, HEAD + (number + 1) * STEP)


def swapped(lying: bytearray) -> bytearray:
    lying[piece(0)], lying[piece(1)] = lying[piece(1)], lying[piece(0)]
    return lying


def with_a_piece_of_another(lying: bytearray) -> bytearray:
    lying[piece(1)] = bytearray(b"".join(sealed(NAME, [NOISE])))[piece(1)]
    return lying


FLIPPED = (0, 7, HEAD - 1, HEAD, HEAD + STEP, -1)
CUT = (0, 5, HEAD, HEAD + 5, HEAD + STEP, HEAD + STEP + 3, HEAD + 4 * STEP, -1)
DAMAGED = {
    **{f"a flipped byte at {at}": lambda lying, at=at: flipped(lying, at) for at in FLIPPED},
    **{f"cut off at {at}": lambda lying, at=at: lying[:at] for at in CUT},
    "more at the end": lambda lying: lying + b"x",
    "a piece left out": lambda lying: lying[: HEAD + STEP] + lying[HEAD + 2 * STEP :],
    "two pieces swapped": swapped,
    "a piece of another file": with_a_piece_of_another,
    "another file's bytes, sealed": lambda lying: b"".join(sealed("content/other", [NOISE])),
    "another file's bytes, plain": lambda lying: NOISE,
}


@pytest.mark.parametrize("how", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_not_as_it_was_written_is_never_given_out(how: Any) -> None:
    with pytest.raises(FileDamaged) as refused:
        altered(how)
    assert (refused.value.code, refused.value.status) == ("files.damaged", 503)


def test_the_key_is_the_one_it_was_sealed_with(settings: Any) -> None:
    kept(b"kept under the old key")
    settings.DATA_KEYS = settings.DATA_KEYS | {"f2": b"2" * 32}
    settings.DATA_KEY_CURRENT = "f2"
    assert read() == b"kept under the old key"
    kept(b"kept under the new key", "content/new")
    settings.DATA_KEY_CURRENT = "k1"
    assert read("content/new") == b"kept under the new key"


def test_without_its_key_or_with_a_wrong_one_a_file_stays_closed(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(NOISE)
    path = Path(the_store().path(NAME))
    lying = path.read_bytes()
    path.write_bytes(lying.replace(b"k1\0\0", b"k9\0\0", 1))
    with pytest.raises(DataKeyMissing) as refused:
        read()
    assert (refused.value.code, refused.value.status) == ("files.key_missing", 503)
    wrong = lying.replace(b"k1\0\0", b"fw\0\0", 1)
    settings.DATA_KEYS = settings.DATA_KEYS | {"fw": b"w" * 32}
    path.write_bytes(wrong)
    with pytest.raises(FileDamaged):
        read()


def test_a_writer_killed_before_the_name_is_given_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        kept(NOISE)
    monkeypatch.undo()
    assert not the_store().exists(NAME)
    kept(NOISE)
    assert read() == NOISE


# -- what was kept before files were sealed ----------------------------------------------------------------------------------


def plain(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def of_before(folder: Path) -> dict[str, bytes]:
    """One of each kind, as it lay there."""
    files = {
        path_of(hashlib.sha256(NOISE).hexdigest()): NOISE,
        path_of("ab" * 32, "previews"): b"RIFF....WEBP",
        "letters/2026/one.pdf": b"%PDF-1.7 a letter",
    }
    for name, data in files.items():
        plain(folder, name, data)
    return files


@pytest.mark.django_db
def test_what_lay_there_plain_is_readable_and_is_sealed_once(folder: Path) -> None:
    files = of_before(folder)
    assert {name: read(name) for name in files} == files
    lake = plain(folder, "lake/table.parquet", b"PAR1")
    call_command("files", "seal", stdout=(said := io.StringIO()))
    assert "加密了 3 个文件" in said.getvalue()
    assert {name: read(name) for name in files} == files
    assert all((folder / name).read_bytes().startswith(MARK) for name in files)
    assert lake.read_bytes() == b"PAR1"
    assert list(seal_old()) == []


@pytest.mark.django_db
def test_sealing_killed_at_any_time_leaves_every_file_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, replaced = of_before(folder), os.replace

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    for where in (killed, lambda *args: (replaced(*args), killed())):
        monkeypatch.setattr(os, "replace", where)
        with pytest.raises(KeyboardInterrupt):
            list(seal_old())
        monkeypatch.undo()
        assert {name: read(name) for name in files} == files
    assert [what for _name, what in seal_old()] == ["sealed", "sealed"]
    assert {name: read(name) for name in files} == files


@pytest.mark.django_db
def test_sealing_turns_to_the_current_key_and_names_what_does_not_open(folder: Path, settings: Any) -> None:
    kept(NOISE)
    other = plain(folder, path_of("cd" * 32), b"not what its name says")
    settings.DATA_KEYS = settings.DATA_KEYS | {"f2": b"2" * 32}
    settings.DATA_KEY_CURRENT = "f2"
    told = io.StringIO()
    with pytest.raises(CommandError, match="1 个文件打不开"):
        call_command("files", "seal", stdout=io.StringIO(), stderr=told)
    assert other.name in told.getvalue()
    assert Path(the_store().path(NAME)).read_bytes().startswith(MARK + b"f2\0")
    assert read() == NOISE
    assert other.read_bytes() == b"not what its name says"


@pytest.mark.django_db
def test_a_damaged_file_is_told_in_a_sentence_and_not_as_a_fault(rf: Any) -> None:
    made = keep_made(
        actor=Actor("system"), data=b"%PDF-1.7", name="a.pdf", media_type="application/pdf", purpose="x", subject="x:1"
    )
    path = Path(the_store().path(path_of(made.sha256)))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FileDamaged, match="已损坏"):
        content_of(made)
    assert Content.objects.get(pk=made.sha256).size == 8
