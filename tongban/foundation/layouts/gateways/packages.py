"""Zip packages: written the same way each time, and read without trust in what they say of themselves."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_PACKED = 30 << 20
MOST_FILES = 3000
MOST_UNPACKED = 100 << 20
STORED = (".png", ".jpg", ".jpeg")  # packed already


@dataclass
class Package:
    """The files of a package by name, and what is wrong with it as (code, name)."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in their order; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            package.writestr(entry, data, compresslevel=6)
    return target.getvalue()


def unpacked(data: bytes) -> Package:
    """What a zip from anywhere holds. Never raises: a broken, oversized or tricky package is told by its faults."""
    found = Package()
    if len(data) > MOST_PACKED:
        found.faults.append(("too_big", ""))
        return found
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _read_all(package, found)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError):
        found.faults.append(("not_a_zip", ""))
    return found


def _read_all(package: zipfile.ZipFile, found: Package) -> None:
    entries = [entry for entry in package.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        found.faults.append(("too_many_files", str(len(entries))))
        return
    left = MOST_UNPACKED
    for entry in entries:
        name = entry.filename.lstrip("/")
        if not _is_plain(entry.filename):
            found.faults.append(("bad_name", entry.filename[:120]))
        elif name in found.files:
            found.faults.append(("twice", name[:120]))
        else:
            left -= _read(package, entry, name, left, found)
        if left < 0:
            return


def _is_plain(name: str) -> bool:
    parts = name.lstrip("/").split("/")
    odd = "\\" in name or "\x00" in name or ":" in name or any(part in ("", ".", "..") for part in parts)
    return not odd and len(name) <= 255


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int, found: Package) -> int:
    """Read one file, never more than what is left of the allowance, whatever size the package claims for it."""
    if entry.flag_bits & 1:
        found.faults.append(("encrypted", name[:120]))
        return 0
    try:
        with package.open(entry) as stream:
            data = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
        found.faults.append(("damaged", f"{name[:120]} {type(error).__name__}"))
        return 0
    if len(data) > left:
        found.faults.append(("bomb", name[:120]))
        return left + 1
    found.files[name] = data
    return len(data)
