"""One small private cluster for all tests of backup and standby: they share what costs seconds."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tongban.config.launch import cluster, faults
from tongban.config.recovery import place
from tongban.config.recovery.sealing import Key
from tongban.config.recovery.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "backups", Key.make(tmp_path / "key"))


@pytest.fixture(scope="session")
def _ground() -> Iterator[Path]:
    """A folder with a short way to it, which the server's user may walk."""
    ground = Path(tempfile.mkdtemp(prefix="tongban-recovery-"))
    ground.chmod(0o755)
    yield ground
    shutil.rmtree(ground)


@pytest.fixture(scope="session")
def _primary(_ground: Path) -> Iterator[Path]:
    home = _ground / "primary"
    with place.house_in(home):
        cluster.start()
        (home / "files" / "ab").mkdir(parents=True)
        (home / "files" / "ab" / "letter").write_bytes(b"a letter")
        (home / "keys").mkdir(mode=0o700)
        (home / "keys" / "secret").write_bytes(b"a key")
    yield home  # outside: other tests run meanwhile, in their own house
    with place.house_in(home):
        cluster.stop()


@pytest.fixture
def primary(_primary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cluster's data folder; the environment speaks of it, and of an empty backup folder."""
    key = tmp_path / "key"
    Key.make(key)
    monkeypatch.setenv("TONGBAN_HOME", str(_primary))
    monkeypatch.setenv("TONGBAN_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("TONGBAN_BACKUP_KEY", str(key))
    monkeypatch.setenv("TONGBAN_BACKUP_EVERY_S", "0.1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return _primary


@pytest.fixture
def elsewhere(_ground: Path) -> Iterator[Path]:
    """An empty data folder for a second cluster; nothing of it is left, nor runs."""
    home = Path(tempfile.mkdtemp(dir=_ground))
    home.chmod(0o755)
    yield home
    with place.house_in(home):
        with suppress(faults.LaunchError):
            cluster.stop()
        shutil.rmtree(cluster.data_folder(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    assert os.environ.get("TONGBAN_HOME") != str(home)
