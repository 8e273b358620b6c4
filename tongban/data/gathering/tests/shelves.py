"""Where a department's files may lie, each real: a folder, Debian's OpenSSH, SeaweedFS as a server that speaks S3. All hold the same."""

from __future__ import annotations

import getpass
import io
import json
import os
import shutil
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from minio import Minio
from minio.error import MinioException

LONG_AGO = time.time() - 86_400  # whoever wrote a file is done with it


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Shelf(ABC):
    """Files that are put, changed and taken away by their department; each later one is newer."""

    kind = ""
    place: dict[str, Any]
    secret: dict[str, Any]
    moment = LONG_AGO

    @abstractmethod
    def put(self, name: str, text: str | bytes) -> None:
        """A new file, or another text in place of what it said."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """It is gone."""


class FolderShelf(Shelf):
    kind = "files"

    def __init__(self, folder: Path) -> None:
        self.folder, self.secret = folder, {}
        self.place = {"folder": folder.name}
        folder.mkdir(exist_ok=True)

    def put(self, name: str, text: str | bytes) -> None:
        self.moment += 10
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(self.folder / name, (self.moment, self.moment))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()


class OpenSSH(FolderShelf):
    """Debian's sshd on a port of its own, for the account that runs the tests, by its key."""

    kind, PROGRAM = "sftp", Path("/usr/sbin/sshd")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "out")
        self.etc, self.port = folder, free_port()
        for name in ("host", "steward", "stranger"):
            self.keygen(name)
        (folder / "known").write_text((folder / "steward.pub").read_text())
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/known\n"
            f"PidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication yes\nPermitRootLogin yes\n"
            "Subsystem sftp internal-sftp\nMaxStartups 100\n"
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.secret = {"user": getpass.getuser(), "key": (folder / "steward").read_text()}
        self.lives()

    def keygen(self, name: str) -> None:
        (self.etc / name).unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.etc / name)], check=True)

    @property
    def mark(self) -> str:
        """How `ssh-keygen -l` tells its key."""
        told = subprocess.run(
            ["ssh-keygen", "-l", "-f", str(self.etc / "host.pub")], check=True, capture_output=True, text=True
        )
        return told.stdout.split()[1]

    @property
    def place(self) -> dict[str, Any]:  # type: ignore[override]
        return {
            "host": "127.0.0.1",
            "port": str(self.port),
            "folder": str(self.folder),
            "host_key": self.mark,
        }

    @place.setter
    def place(self, said: dict[str, Any]) -> None:
        """Where it lies is known from what it is."""

    def lives(self) -> None:
        self.process = subprocess.Popen(
            [str(self.PROGRAM), "-D", "-e", "-f", str(self.etc / "sshd_config")],
            stdout=subprocess.DEVNULL,
            stderr=(self.etc / "log").open("ab"),
        )
        answers(self.port, self.etc / "log")

    def dies(self) -> None:
        self.process.kill()
        self.process.wait()


class SeaweedFS(Shelf):
    """A store of objects with a bucket `office` and two keys, of which one may do nothing."""

    kind, PROGRAM = "s3", shutil.which("weed") or ""

    def __init__(self, folder: Path) -> None:
        ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
        said = [
            {"name": "steward", "actions": ["Admin"], "credentials": [{"accessKey": "STEWARD", "secretKey": "geheim"}]},
            {"name": "nobody", "actions": ["Read:other"], "credentials": [{"accessKey": "NOBODY", "secretKey": "geheim"}]},
        ]  # fmt: skip
        (folder / "s3.json").write_text(json.dumps({"identities": said}))
        (folder / "data").mkdir()
        command = [
            self.PROGRAM, f"-logdir={folder}", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            "-filer", "-s3", f"-s3.config={folder / 's3.json'}", "-volume.max=10", "-master.volumeSizeLimitMB=64",
            "-s3.port.iceberg=0", "-s3.port.lance=0",  # of no use here, and their ports are fixed: two could not run beside each other
            *[f"-{name}.port={port}" for name, port in ports.items()],
            *[f"-{name}.port.grpc={free_port()}" for name in ports],
        ]  # fmt: skip
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        answers(ports["s3"], folder / "log")
        self.place = {"url": f"http://127.0.0.1:{ports['s3']}", "bucket": "office", "folder": "out"}
        self.secret = {"user": "STEWARD", "password": "geheim"}
        self.client = Minio(f"127.0.0.1:{ports['s3']}", "STEWARD", "geheim", secure=False, region="us-east-1")
        self._made()

    def _made(self) -> None:
        for _try in range(300):
            try:
                if not self.client.bucket_exists("office"):
                    self.client.make_bucket("office")
                return self.put("first.txt", "-")
            except (MinioException, urllib3.exceptions.HTTPError):
                time.sleep(0.2)
        raise AssertionError("SeaweedFS took no file")

    def put(self, name: str, text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        self.client.put_object("office", f"{self.place['folder']}/{name}", io.BytesIO(data), len(data))

    def remove(self, name: str) -> None:
        self.client.remove_object("office", f"{self.place['folder']}/{name}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def answers(port: int, log: Path) -> None:
    for _try in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


@pytest.fixture
def openssh(tmp_path: Path) -> Iterator[OpenSSH]:
    if not OpenSSH.PROGRAM.exists():
        pytest.skip("sshd is absent (Debian package openssh-server)")
    (tmp_path / "ssh").mkdir()
    server = OpenSSH(tmp_path / "ssh")
    yield server
    server.dies()


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    server = SeaweedFS(tmp_path_factory.mktemp("seaweedfs"))
    yield server
    server.close()


@pytest.fixture(params=["files", "sftp", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Shelf:
    """One of each kind, empty."""
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    if request.param == "files":
        (tmp_path / "inbox").mkdir()
        return FolderShelf(tmp_path / "inbox" / "office")
    found: Shelf = request.getfixturevalue({"sftp": "openssh", "s3": "seaweedfs"}[request.param])
    if isinstance(found, SeaweedFS):
        found.place = {**found.place, "folder": f"out-{time.time_ns()}"}
    return found
