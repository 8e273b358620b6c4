"""A server as docs/operations.md installs it, under another root: settings, units, database, nginx, and the scripts of `deploy/`."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path

import psycopg

from tongban.config.launch import cluster
from tongban.config.recovery import place

from .systemd import Systemd

ROOT = cluster.ROOT
DEPLOY = ROOT / "deploy"
PORT = 8000  # of nginx
FOLDERS = (
    "etc/systemd/system", "etc/tongban", "run", "var/log/nginx", "var/lib/tongban/files", "var/lib/tongban/static",
    "var/backups/tongban",
)  # fmt: skip
UNITS = ("tongban-web@1", "tongban-web@2", "tongban-worker@1", "tongban-worker@2", "tongban-backup")
# What a rehearsal cannot have: TLS and a real scanner. Without TLS a real city does not start, so it is none.
NO_CITY = {
    "TONGBAN_PRODUCTION": "", "TONGBAN_HTTPS": "", "TONGBAN_FILE_SCANNER": "pretend", "TONGBAN_TLS_CERTIFICATE": "",
    "TONGBAN_HOSTS": "localhost,127.0.0.1", "TONGBAN_API_PERSON_CALLS_PER_MINUTE": "1000000", "TONGBAN_WORKER_CONCURRENCY": "2",
}  # fmt: skip


class Machine:
    def __init__(self, root: Path) -> None:
        self.root, self.user = root, cluster.owner()
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True)
        for folder in ("var/lib/tongban", "var/backups/tongban"):
            self._give(root / folder)
        with place.house_in(root / "server"):
            cluster.start()
            self.address = cluster.url()
        self.settings = self._settings()
        self.systemd = Systemd(root, self.user)
        self._nginx: subprocess.Popen[bytes] | None = None

    def _give(self, folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, self.user)

    def _settings(self) -> dict[str, str]:
        """`deploy/tongban.env` and `backup.env`, filled in as the handbook says."""
        etc = self.root / "etc/tongban"
        for name in ("tongban.env", "backup.env"):
            said = (DEPLOY / name).read_text().replace("=/", f"={self.root}/")
            said = re.sub(r"^DATABASE_URL=.*", lambda _: f"DATABASE_URL={self.address}", said, flags=re.MULTILINE)
            said = re.sub(r"=CHANGE$", lambda _: "=" + secrets.token_hex(32), said, flags=re.MULTILINE)
            (etc / name).write_text(said)
        with (etc / "tongban.env").open("a") as more:  # what stands last counts
            more.writelines(f"{name}={value}\n" for name, value in NO_CITY.items())
        lines = (etc / "tongban.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))

    # -- commands ------------------------------------------------------------------------------------------------------

    def script(self, name: str, *words: str) -> float:
        """One of `deploy/`, as root would run it; the seconds it took."""
        # Debian's own Python; wheels from the archive and from nowhere else; nothing of ours around it.
        path = os.pathsep.join([str(Path(__file__).parent / "bin"), "/usr/bin", os.environ["PATH"]])
        own = {"TONGBAN_ROOT": str(self.root), "TONGBAN_USER": self.user}
        environment = {"PATH": path, "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull, **own}
        began = time.monotonic()
        subprocess.run([str(DEPLOY / name), *words], check=True, cwd=self.root, env=environment)
        return time.monotonic() - began

    def tongban(self, *words: str, backup: bool = False) -> None:
        """A command of the release that runs, as user `tongban` with the settings read."""
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.settings}
        if backup:
            lines = (self.root / "etc/tongban/backup.env").read_text().splitlines()
            environment |= dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
        self.run_as_house(".venv/bin/tongban", *words, environment=environment)

    def run_as_house(self, *command: str, environment: dict[str, str] | None = None) -> None:
        as_user = {"user": self.user, "group": self.user, "extra_groups": []} if os.geteuid() == 0 else {}
        current = (self.root / "opt/tongban/current").resolve()
        ours = environment or {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.settings}
        subprocess.run(list(command), check=True, cwd=current, env=ours, **as_user)

    # -- what runs -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.tongban("backup", "key", str(self.root / "var/lib/tongban/backup.key"))
        (self.root / "var/lib/tongban/backup.key").rename(self.root / "etc/tongban/backup.key")
        self.systemd.do("start", [f"{name}.service" for name in UNITS])
        self._start_nginx()

    def _start_nginx(self) -> None:
        """Our file without TLS, and without the limits: all people here have one address."""
        said = (DEPLOY / "nginx" / "tongban.conf").read_text()
        said = re.sub(r"^\s*(ssl_|listen \[::\]).*\n", "", said, flags=re.MULTILINE)
        for ours, theirs in {
            "listen 80;": f"listen 127.0.0.1:{PORT + 9};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{PORT};",
            "X-Forwarded-Proto https": "X-Forwarded-Proto http",
            "zwfw.example.gov.cn": "localhost",
            "rate=30r/s": "rate=9000r/s",
            "rate=30r/m": "rate=9000r/s",
            "limit_conn connections 60": "limit_conn connections 900",
            "/var/lib/tongban/": f"{self.root}/var/lib/tongban/",
            "/var/log/nginx/": f"{self.root}/var/log/nginx/",
        }.items():
            assert ours in said, ours
            said = said.replace(ours, theirs)
        who = "user root; " if os.geteuid() == 0 else ""
        log = self.root / "var/log/nginx/start.log"
        frame = f"{who}daemon off; pid {self.root}/run/nginx; error_log {log}; events {{}} http {{ %s }}"
        (self.root / "etc/nginx.conf").write_text(frame % said)
        command = ["nginx", "-p", str(self.root), "-c", str(self.root / "etc/nginx.conf"), "-e", str(log)]
        subprocess.run([*command, "-t", "-q"], check=True)
        self._nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def logs(self) -> list[Path]:
        return [*(self.root / "var/log").rglob("*.log"), *(self.root / "server").rglob("server.log")]

    def data_key(self) -> bytes:
        """As the settings make it of what the environment says."""
        return hashlib.sha256(self.settings["TONGBAN_DATA_KEY"].encode()).digest()

    # -- as the torture's settling asks for it ---------------------------------------------------------------------------

    def wait_until_whole(self) -> None:
        self.mend()

    def mend(self) -> None:
        if fallen := self.systemd.fallen():
            raise SystemExit(f"fell though nobody stopped them: {', '.join(fallen)}; see {self.root}/var/log")

    def kill_workers(self) -> None:
        self.systemd.do("stop", ["tongban-worker@*", "tongban-backup"])

    def close(self) -> None:
        if self._nginx:
            self._nginx.terminate()
            self._nginx.wait()
        self.systemd.close()
        with place.house_in(self.root / "server"):
            cluster.stop()
            shutil.rmtree(cluster.socket_folder(), ignore_errors=True)

    def held(self, ask: str) -> int:
        with psycopg.connect(self.address, autocommit=True) as link:
            row = link.execute(ask).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return int(row[0])
