"""Where backups lie and with which key: read from the environment, for these commands run where there is no house yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongban.config.launch import cluster

from . import faults
from .sealing import Key
from .store import Store


def every_seconds() -> float:
    """How often the log and the files are carried to the backup: what a lost machine may take with it."""
    return float(os.environ.get("TONGBAN_BACKUP_EVERY_S") or "10")


def keep_days() -> int:
    return int(os.environ.get("TONGBAN_BACKUP_KEEP_DAYS") or "35")


def folder() -> Path:
    if not (named := os.environ.get("TONGBAN_BACKUP_FOLDER")):
        raise faults.no_folder()
    return Path(named).absolute()


def key() -> Key:
    if not (named := os.environ.get("TONGBAN_BACKUP_KEY")):
        raise faults.no_key()
    return Key.read(Path(named))


def store() -> Store:
    return Store(folder(), key())


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or cluster.url()


def roots() -> dict[str, Path]:
    """The folders that belong to the house beside its database, by the name they have in a backup."""
    home, keys = cluster.home(), cluster.home() / "keys"
    named = {
        "files": home / "files",
        "keys": keys,
        "keys-audit": Path(os.environ.get("TONGBAN_AUDIT_KEYS", keys / "audit")),
        "keys-trust": Path(os.environ.get("TONGBAN_KEY_FOLDER", keys / "trust")),
    }
    return {name: path for name, path in named.items() if name in ("files", "keys") or keys not in path.parents}


def settings_of_the_house() -> dict[str, str]:
    """What the environment says and no file does, secrets among it; where databases and backups lie is no part of it."""
    ours = {name: value for name, value in sorted(os.environ.items()) if name.startswith("TONGBAN_")}
    left_out = ("BACKUP", "HOME", "TEST")
    return {name: value for name, value in ours.items() if not name.partition("_")[2].startswith(left_out)}


@contextmanager
def house_in(home: Path) -> Iterator[None]:
    """For a while this process speaks of the private cluster of another data folder."""
    before = {name: os.environ.get(name) for name in ("TONGBAN_HOME", "DATABASE_URL", "TONGBAN_DB_PORT")}
    os.environ["TONGBAN_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("TONGBAN_DB_PORT", None)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
