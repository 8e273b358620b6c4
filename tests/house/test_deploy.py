"""What `deploy/` holds is true: units, nginx, alerts, dashboard and settings are held against the programs and the code they name."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.handlers.wsgi import WSGIHandler

from tests.house.test_docs import SETTING
from tests.house.test_layers import ROOT
from tongban.config.launch import run
from tongban.foundation.kernel.clock import now
from tongban.office.operations.measuring import HELP
from tongban.office.operations.rules import LIMITS
from tongban.web import measures

DEPLOY = ROOT / "deploy"
HANDBOOK = (ROOT / "docs" / "operations.md").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("tongban*"))
METRIC = re.compile(r"\btongban_[a-z_]+")


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not on this machine")


# -- alerts and dashboard ------------------------------------------------------------------------------------------------


def counted() -> set[str]:
    families = (measures.REQUESTS, measures.SECONDS, measures.DATABASE_SECONDS, measures.STATEMENTS)
    names = {metric.name for family in families for metric in family.describe()}
    endings = ("_total", "_bucket", "_sum", "_count")
    return {name + ending for name in names for ending in endings} | HELP.keys() | {"tongban_build_info"}


def alerts() -> list[dict]:
    said = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    return [rule for group in said["groups"] for rule in group["rules"]]


def test_every_metric_an_alert_or_a_panel_names_exists() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "tongban.json").read_text())
    asked = [rule["expr"] for rule in alerts()]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert {name for question in asked for name in METRIC.findall(question)} - counted() == set()


def test_where_the_page_turns_red_somebody_is_called() -> None:
    told = {
        (name, limit)
        for rule in alerts()
        for name, limit in re.findall(r"(tongban_\w+)\)? ?[<>]=? (\S+)", rule["expr"])
    }
    called = {(name, float(limit.strip(")"))) for name, limit in told}
    quiet = {"tongban_clock_synchronised"}  # where no time server holds a clock, its skew calls
    assert {(name, limit.bad) for name, limit in LIMITS.items() if name not in quiet} - called == set()


def test_every_alert_names_a_heading_of_the_handbook() -> None:
    headings = set(re.findall(r"^#+ (.+)$", HANDBOOK, re.MULTILINE))
    assert {rule["annotations"]["handbook"] for rule in alerts()} <= headings


@needs("promtool")
def test_prometheus_takes_the_rules() -> None:
    subprocess.run(["promtool", "check", "rules", str(DEPLOY / "prometheus" / "alerts.yml")], check=True)


# -- settings and units --------------------------------------------------------------------------------------------------


def test_every_setting_of_the_environment_files_is_in_the_handbook() -> None:
    for name in ("tongban.env", "backup.env"):
        lines = (DEPLOY / name).read_text().splitlines()
        given = {line.partition("=")[0] for line in lines if line and line[0] != "#"}
        assert given - set(SETTING.findall(HANDBOOK)) == set()


def test_every_file_of_the_folder_is_in_the_handbook() -> None:
    folders = {path.relative_to(ROOT).parts[1] for path in DEPLOY.rglob("*") if path.is_file()}
    assert {name for name in folders if name not in HANDBOOK} == set()


def test_the_web_unit_starts_what_make_run_starts() -> None:
    unit = (DEPLOY / "systemd" / "tongban-web@.service").read_text()
    ours = run.web("127.0.0.1", 8000)
    said = unit.replace("800%i", "8000").replace("--workers 4", f"--workers {ours[ours.index('--workers') + 1]}")
    assert " ".join(ours[1:]) in said


@needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        said = re.sub(r"/opt/tongban/current/\.venv/bin/\w+", "/bin/true", unit.read_text())
        said = re.sub(r"^(Environment|Documentation)(File)?=.*\n", "", said, flags=re.MULTILINE)
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(said)
    names = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "tongban" in line]
    assert ours == []
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["pack", "unpack", "switch"])
def test_the_shell_takes_the_scripts(name: str) -> None:
    subprocess.run(["bash", "-n", str(DEPLOY / name)], check=True)


# -- nginx ---------------------------------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now(), now() + timedelta(days=1))
    (folder / "tongban.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tongban.key").write_bytes(private)


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A real nginx with our file before a server of ours; its ports with and without TLS."""
    house = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)
    threading.Thread(target=house.serve_forever, daemon=True).start()
    plain, closed = free_port(), free_port()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a{}")
    tmp_path.chmod(0o755)
    certificate(tmp_path)
    said = (DEPLOY / "nginx" / "tongban.conf").read_text()
    for ours, theirs in {
        "127.0.0.1:8001": f"127.0.0.1:{house.server_port}",
        "127.0.0.1:8002": "127.0.0.1:1",  # this one is away
        "/etc/tongban/tls/": f"{tmp_path}/",
        "/var/lib/tongban/static/": f"{tmp_path}/static/",
        "/var/log/nginx/": f"{tmp_path}/",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{closed} ssl",
        "zwfw.example.gov.cn": "localhost",
    }.items():
        assert ours in said
        said = said.replace(ours, theirs)
    said = re.sub(r"listen \[::\].*", "", said)
    who = "user root; " if os.geteuid() == 0 else ""  # the tests' folders are closed to others
    frame = f"{who}daemon off; pid {tmp_path}/pid; error_log {tmp_path}/start.log; events {{}} http {{ %s }}"
    (tmp_path / "nginx.conf").write_text(frame % said)
    command = ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "start.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", closed)) == 0:
                break
        time.sleep(0.05)
    yield plain, closed
    server.terminate()
    server.wait()
    house.shutdown()


def fetch(port: int, path: str) -> tuple[int, dict[str, str]]:
    trusting = ssl._create_unverified_context()
    try:
        with urllib.request.urlopen(f"https://localhost:{port}{path}", context=trusting, timeout=20) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as refusal:
        return refusal.code, dict(refusal.headers)


@needs("nginx")
def test_the_house_answers_through_nginx(front: tuple[int, int], tmp_path: Path) -> None:
    plain, closed = front
    for _ in range(4):  # one of the two servers behind it is away: nobody notices
        status, headers = fetch(closed, "/health/live?who=11010519491231002X")
        assert status == 200
        assert len(headers["X-Request-Id"]) == 32
    assert fetch(closed, "/metrics")[0] == 404
    assert "immutable" in fetch(closed, "/static/a.css")[1]["Cache-Control"]
    with socket.create_connection(("127.0.0.1", plain)) as line:
        line.sendall(b"GET /my/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert b"Location: https://localhost/my/" in line.recv(1000)
    lines = [json.loads(line) for line in (tmp_path / "tongban.log").read_text().splitlines()]
    assert headers["X-Request-Id"] in {line["request"] for line in lines}
    assert "11010519491231002X" not in "".join(path.read_text() for path in tmp_path.glob("*.log"))
