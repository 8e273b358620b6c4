"""Stand-in for systemd, which no container has: it reads our very units and runs them under another root.

What counts for an upgrade is kept: the whole group of a unit gets SIGTERM, then after its time SIGKILL; a unit of `Type=notify` has
started when it says so; environment files, folder and user are those of the unit. Its walls (`ProtectSystem=…`) are not built here.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

ELSEWHERE = re.compile(r"(?<![\w/])/(?=opt/tongban|etc/tongban|run/|var/)")
START_PATIENCE = 90.0


class NoSuchUnit(Exception):
    pass


class Unit:
    """What one unit file says, read with this root and for this instance."""

    def __init__(self, root: Path, name: str) -> None:
        stem, _, instance = name.removesuffix(".service").partition("@")
        file = root / "etc/systemd/system" / (f"{stem}@.service" if instance else f"{stem}.service")
        if not file.exists():
            raise NoSuchUnit(name)
        said = ELSEWHERE.sub(f"{root}/", file.read_text()).replace("%i", instance)
        self._lines = re.findall(r"^(\w+)=(.*)$", said, re.MULTILINE)
        self.name, self.root = name, root

    def all(self, key: str) -> list[str]:
        return [value for name, value in self._lines if name == key]

    def one(self, key: str, otherwise: str = "") -> str:
        return (self.all(key) or [otherwise])[-1]

    def environment(self) -> dict[str, str]:
        found = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for path in self.all("EnvironmentFile"):
            lines = Path(path).read_text().splitlines()
            found |= dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
        return found | dict(one.split("=", 1) for one in self.all("Environment"))


class Running:
    """The processes of one unit."""

    def __init__(self, unit: Unit, user: str) -> None:
        self.unit = unit
        for name in unit.all("RuntimeDirectory"):
            folder = unit.root / "run" / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            shutil.chown(folder, user)
        environment = unit.environment()
        ear = self._listen(user) if unit.one("Type") == "notify" else None
        if ear:
            environment["NOTIFY_SOCKET"] = ear.getsockname()
        as_user = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
        with (unit.root / "var/log" / f"{unit.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                shlex.split(unit.one("ExecStart")), cwd=unit.one("WorkingDirectory"), env=environment, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **as_user,
            )  # fmt: skip
        if ear:
            with ear:
                self._wait_until_said(ear)

    def _listen(self, user: str) -> socket.socket:
        path = self.unit.root / "run" / f"notify-{self.unit.name}"
        path.unlink(missing_ok=True)
        ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ear.bind(str(path))
        shutil.chown(path, user)
        return ear

    def _wait_until_said(self, ear: socket.socket) -> None:
        ear.settimeout(START_PATIENCE)
        while b"READY=1" not in ear.recv(4096):
            pass
        threading.Thread(target=self._hear, args=(ear.dup(),), daemon=True).start()

    def _hear(self, ear: socket.socket) -> None:
        """The watchdog's words must go somewhere."""
        with ear, suppress(OSError):
            ear.settimeout(None)
            while self.process.poll() is None:
                ear.recv(4096)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(float(self.unit.one("TimeoutStopSec", "90")))
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Systemd:
    """The units that run, and the ear for `bin/systemctl`."""

    def __init__(self, root: Path, user: str) -> None:
        self.root, self.user = root, user
        self.running: dict[str, Running] = {}
        self._ear = socket.socket(socket.AF_UNIX)
        self._ear.bind(str(root / "run/systemd"))
        self._ear.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            with suppress(OSError):
                line, _ = self._ear.accept()
                with line:
                    verb, *words = json.loads(line.makefile().readline())
                    said = {"out": "", "err": ""}
                    try:
                        said["out"] = self.do(verb, [word for word in words if not word.startswith("--")])
                    except (NoSuchUnit, OSError) as fault:
                        said["err"] = f"{verb} {words}: {fault!r}\n"
                    line.sendall(json.dumps(said).encode() + b"\n")

    def do(self, verb: str, names: list[str]) -> str:
        if verb == "daemon-reload":
            return ""
        if verb == "list-units":
            return "".join(f"{name} loaded active running\n" for name in self._among(names))
        for name in names if verb == "start" else self._among(names):
            if name in self.running:
                self.running.pop(name).stop()
            if verb != "stop":
                self.running[name] = Running(Unit(self.root, name), self.user)
        return ""

    def _among(self, patterns: list[str]) -> list[str]:
        """Of those that run, as systemctl reads patterns."""
        whole = [pattern if pattern.endswith(".service") else f"{pattern}.service" for pattern in patterns]
        return sorted(name for name in self.running if any(fnmatch.fnmatch(name, one) for one in whole))

    def fallen(self) -> list[str]:
        """Units whose process ended though nobody stopped them."""
        return [name for name, one in self.running.items() if one.process.poll() is not None]

    def close(self) -> None:
        for name in list(self.running):
            self.running.pop(name).stop()
        self._ear.close()
