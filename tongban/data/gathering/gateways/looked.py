"""Large files from elsewhere that can only be looked at whole: no page waits for them, a task brings them, and they are kept an hour."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage, rmtree
from time import time
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from tongban.data.gathering.errors import SourceFetching
from tongban.data.lake.errors import NoRoom
from tongban.foundation.kernel.durable import PART

from .stores import Found, Store

KEPT = 3600  # seconds after somebody last looked at it
SILENT = 120  # seconds without a byte after which nobody is fetching any more


def mark_of(name: str) -> str:
    """How a task is told which file: a name may say whose data are in it."""
    return sha256(name.encode()).hexdigest()[:16]


def looked(place: Mapping[str, Any], secret: Mapping[str, Any], one: Found) -> Path:
    """The copy there is. Raises `SourceFetching` with how far it has come while there is none.

    A copy belongs to the file as it looks now, and to who reaches it this way: with another account there is another one.
    """
    copy = _copy(place, secret, one)
    with suppress(FileNotFoundError):
        os.utime(copy)  # the cleaner leaves it
        return copy / one.name
    coming = copy.with_name(copy.name + PART)
    is_new = _begun(coming, one)
    raise SourceFetching(mark=mark_of(one.name), done=_size(coming / one.name), size=one.size, is_new=is_new)


def bring(store: Store, place: Mapping[str, Any], secret: Mapping[str, Any], mark: str) -> None:
    """Fetch the file with this mark for those who look at it; may be called again."""
    one = next((found for found in store.listing() if mark_of(found.name) == mark), None)
    copy = _copy(place, secret, one) if one else None
    if one is None or copy is None or copy.exists():
        return
    coming = copy.with_name(copy.name + PART)
    coming.mkdir(parents=True, exist_ok=True)
    try:
        store.fetched(one, coming)
        coming.rename(copy)
    except BaseException:
        rmtree(coming, ignore_errors=True)
        raise


def forget_old() -> int:
    """Away with copies nobody has looked at for an hour, and with what was never fetched to its end; how many."""
    found = list(_root().iterdir()) if _root().exists() else []
    old = [one for one in found if time() - _last(one) > KEPT]
    for one in old:
        rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
    return len(old)


def _root() -> Path:
    return Path(settings.LAKE_ROOT) / "looked"


def _copy(place: Mapping[str, Any], secret: Mapping[str, Any], one: Found) -> Path:
    said = json.dumps([dict(place), dict(secret), one.name, one.look], sort_keys=True)
    return _root() / salted_hmac("gathering.looked", said, algorithm="sha256").hexdigest()[:40]


def _begun(coming: Path, one: Found) -> bool:
    """Whether somebody has to be asked to fetch it: nobody is, or he has fallen silent."""
    _root().mkdir(parents=True, exist_ok=True)
    if not coming.exists() and disk_usage(_root()).free < one.size:
        raise NoRoom
    try:
        coming.mkdir()
    except FileExistsError:
        is_silent = time() - _last(coming) > SILENT
        with suppress(FileNotFoundError):
            if is_silent:
                os.utime(coming)
        return is_silent
    return True


def _last(folder: Path) -> float:
    """When something was last written to it, or looked at in it."""
    with suppress(FileNotFoundError):
        return max(one.stat().st_mtime for one in (folder, *(folder.iterdir() if folder.is_dir() else ())))
    return time()


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0
