"""A sealed stream opens only whole, unaltered, in its place and with its key."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import binary, lists

from tongban.config.launch.faults import LaunchError
from tongban.config.recovery.sealing import PIECE, Key, open_, seal
from tongban.foundation.kernel.pieces import TAG

KEY = Key(b"k" * 32)
HEAD = 32


def sealed(*parts: bytes, name: str = "wal/1") -> bytes:
    out = io.BytesIO()
    seal(KEY, name, parts, out)
    return out.getvalue()


def opened(data: bytes, *, name: str = "wal/1", key: Key = KEY) -> bytes:
    return b"".join(open_(key, name, io.BytesIO(data)))


@given(lists(binary(max_size=2000), max_size=5))
def test_what_was_closed_opens(parts: list[bytes]) -> None:
    assert opened(sealed(*parts)) == b"".join(parts)


def test_many_pieces_come_back_and_zeros_take_no_room() -> None:
    noise = os.urandom(2 * PIECE + 17)  # does not compress: three pieces
    assert opened(sealed(noise)) == noise
    zeros = bytes(16 << 20)
    assert len(sealed(zeros)) < 100_000
    assert opened(sealed(zeros)) == zeros


@pytest.mark.parametrize("length", [0, 10, HEAD, HEAD + 5, HEAD + PIECE + TAG, HEAD + PIECE + TAG + 100])
def test_a_stream_cut_short_is_told(length: int) -> None:
    whole = sealed(os.urandom(2 * PIECE))
    with pytest.raises(LaunchError, match=r"不完整|损坏"):
        opened(whole[:length])


def test_a_stream_cut_between_two_pieces_is_told_as_cut() -> None:
    with pytest.raises(LaunchError, match="不完整"):
        opened(sealed(os.urandom(2 * PIECE))[: HEAD + PIECE + TAG])


@pytest.mark.parametrize("at", [0, HEAD - 1, HEAD, HEAD + PIECE + TAG, -1])
def test_one_altered_byte_is_told(at: int) -> None:
    data = bytearray(sealed(os.urandom(PIECE + 100)))
    data[at] ^= 1
    with pytest.raises(LaunchError, match="损坏"):
        opened(bytes(data))


def test_pieces_cannot_change_places_nor_streams_their_names() -> None:
    data = sealed(os.urandom(3 * PIECE))
    first, second = data[HEAD : HEAD + PIECE + TAG], data[HEAD + PIECE + TAG : HEAD + 2 * (PIECE + TAG)]
    with pytest.raises(LaunchError, match="损坏"):
        opened(data[:HEAD] + second + first + data[HEAD + 2 * (PIECE + TAG) :])
    with pytest.raises(LaunchError, match="损坏"):
        opened(data, name="wal/2")


def test_another_key_is_called_the_wrong_key() -> None:
    with pytest.raises(LaunchError, match="密钥不对"):
        opened(sealed(b"x"), key=Key(b"o" * 32))


def test_a_key_file_is_made_once_and_a_copying_mistake_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = Key.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Key.read(path).id == key.id
    with pytest.raises(LaunchError, match="不会覆盖"):
        Key.make(path)
    mark, secret, check = path.read_text().split()
    path.write_text(f"{mark} {'0' + secret[1:] if secret[0] != '0' else '1' + secret[1:]} {check}")
    with pytest.raises(LaunchError, match="不是完整的备份密钥"):
        Key.read(path)
    with pytest.raises(LaunchError, match="没有备份密钥"):
        Key.read(tmp_path / "none")
