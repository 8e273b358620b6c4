"""The scripts of `deploy/` step by step, with stand-ins for what takes seconds: `systemctl`, `curl`, `sleep`, `seq`, `python3`.

The whole, under load, is `make upgrade`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.house.test_layers import ROOT

from .systemd import Unit

DEPLOY = ROOT / "deploy"
SAYS = 'echo "$(basename "$0") $*" >>"$TONGBAN_ROOT/said"\n'
# A Python that says what it was asked for; an environment made by it has the same one, and a pip and a tongban.
PYTHON = (
    SAYS
    + """[ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin"; for name in python pip tongban; do cp "$0" "$3/bin/$name"; done; }
"""
)
STAND_INS = {
    "systemctl": SAYS + "[ $1 != list-units ] || printf 'tongban-web@%s.service loaded active running\\n' 1 2\n",
    "curl": SAYS + '[ ! -e "$TONGBAN_ROOT/sick" ]\n',
    "sleep": SAYS,
    "seq": "echo 1 2\n",
    "python3": PYTHON,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another root, where `old` runs and `new` is unpacked."""
    for name, words in STAND_INS.items():
        stand_in = tmp_path / "bin" / name
        stand_in.parent.mkdir(exist_ok=True)
        stand_in.write_text(f"#!/bin/bash\n{words}")
        stand_in.chmod(0o755)
    for version in ("old", "new"):
        release = tmp_path / "opt/tongban/releases" / version
        (release / ".venv/bin").mkdir(parents=True)
        (release / "deploy/systemd").mkdir(parents=True)
        (release / "deploy/systemd/tongban.target").write_text(version)
        (release / ".venv/bin/python").write_text(
            f'#!/bin/bash\necho "{version} $* $DATABASE_URL" >>"$TONGBAN_ROOT/said"\n'
        )
        (release / ".venv/bin/python").chmod(0o755)
        (release / "UNPACKED").touch()
    (tmp_path / "etc/tongban").mkdir(parents=True)
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/tongban/tongban.env").write_text("# words\nDATABASE_URL=postgresql://a@b/c?d=e&f=g\n")
    (tmp_path / "opt/tongban/current").symlink_to(tmp_path / "opt/tongban/releases/old")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("TONGBAN_ROOT", str(tmp_path))
    monkeypatch.setenv("TONGBAN_USER", subprocess.check_output(["id", "-un"], text=True).strip())
    return tmp_path


def run(name: str, *words: str, within: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(DEPLOY / name), *words], capture_output=True, text=True, cwd=within)


def said(root: Path) -> list[str]:
    return (root / "said").read_text().splitlines()


def now_at(root: Path) -> str:
    return (root / "opt/tongban/current").resolve().name


ONE_AFTER_ANOTHER = [
    "systemctl daemon-reload",
    "systemctl list-units --plain --no-legend tongban-web@*",
    "systemctl restart tongban-web@1.service",
    "curl -fs -o /dev/null http://127.0.0.1:8001/health/ready",
    "sleep 3",
    "systemctl restart tongban-web@2.service",
    "curl -fs -o /dev/null http://127.0.0.1:8002/health/ready",
    "sleep 3",
    "systemctl restart tongban-worker@*",
    "systemctl try-restart tongban-backup.service",
]


def test_forwards_the_database_comes_first_and_then_one_server_after_another(root: Path) -> None:
    assert run("switch", "new", within=root).returncode == 0
    prepared = "new -m tongban.config.launch.prepare postgresql://a@b/c?d=e&f=g"
    assert (said(root), now_at(root)) == ([prepared, *ONE_AFTER_ANOTHER], "new")
    assert (root / "etc/systemd/system/tongban.target").read_text() == "new"


def test_backwards_the_database_is_left_alone(root: Path) -> None:
    assert run("switch", "--back", "old", within=root).returncode == 0
    assert (said(root), now_at(root)) == (ONE_AFTER_ANOTHER, "old")


def test_a_server_that_does_not_become_ready_leaves_the_others_as_they_were(root: Path) -> None:
    (root / "sick").touch()
    done = run("switch", "new", within=root)
    assert (done.returncode, "tongban-web@1.service is not ready" in done.stderr) == (1, True)
    assert not any("web@2" in line or "worker" in line for line in said(root)[3:])


def test_nobody_switches_to_what_is_not_unpacked(root: Path) -> None:
    (root / "opt/tongban/releases/new/UNPACKED").unlink()
    assert run("switch", "new", within=root).returncode == 1
    assert (now_at(root), (root / "said").exists()) == ("old", False)


def test_nginx_asks_again_before_the_next_server_goes() -> None:
    nginx = (DEPLOY / "nginx/tongban.conf").read_text()
    assert "fail_timeout=2s" in nginx
    assert "sleep 3" in (DEPLOY / "switch").read_text()


@pytest.fixture
def pack(root: Path) -> Path:
    """`deploy/pack` of a small repository."""
    for name in ("pack", "unpack", "switch"):
        copy = root / "small/deploy" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEPLOY / name, copy)
    (root / "small/tongban").mkdir()
    (root / "small/tongban/__init__.py").touch()
    (root / "small/requirements.txt").write_text("django==5.2 --hash=sha256:0\n")
    git = ["git", "-C", str(root / "small"), "-c", "user.name=a", "-c", "user.email=a@example"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "small"]):
        subprocess.run([*git, *words], check=True)
    return root / "small/deploy/pack"


def test_what_is_packed_is_unpacked_once_whole_and_from_the_archive_alone(root: Path, pack: Path) -> None:
    subprocess.run([str(pack)], check=True, cwd=root, capture_output=True)
    (archive,) = root.glob("tongban-*.tar.gz")
    version = archive.name.removeprefix("tongban-").removesuffix(".tar.gz")
    with tarfile.open(archive) as packed:
        assert {
            f"{version}/VERSION",
            f"{version}/MANIFEST.sha256",
            f"{version}/requirements.txt",
            f"{version}/deploy/switch",
        } <= set(packed.getnames())
    asked = said(root)
    assert ["--require-hashes" in line for line in asked] == [True, False]
    done = run("unpack", archive.name, within=root)
    assert done.stdout.strip() == str(root / "opt/tongban/releases" / version)
    installed = [line for line in said(root) if line.startswith("pip ")]
    assert len(installed) == 3
    assert all("--no-index" in line for line in installed)
    assert "there already" in run("unpack", archive.name, within=root).stderr


def test_half_a_release_is_none(root: Path) -> None:
    (root / "opt/tongban/releases/old/UNPACKED").unlink()
    with tarfile.open(root / "tongban-next.tar.gz", "w:gz") as packed:
        packed.add(root / "opt/tongban/releases/old", "next")
    (root / "bin/python3").write_text("#!/bin/bash\nexit 1\n")
    assert run("unpack", "tongban-next.tar.gz", within=root).returncode == 1
    assert sorted(path.name for path in (root / "opt/tongban/releases").iterdir()) == ["new", "old"]


@pytest.mark.parametrize("name", ["tongban-web@1.service", "tongban-worker@2.service", "tongban-backup.service"])
def test_the_stand_in_for_systemd_reads_our_units_under_another_root(root: Path, name: str) -> None:
    for path in (DEPLOY / "systemd").glob("tongban*"):
        (root / "etc/systemd/system" / path.name).write_text(path.read_text())
    (root / "etc/tongban/backup.env").write_text("")
    unit = Unit(root, name)
    assert unit.one("ExecStart").startswith(f"{root}/opt/tongban/current/.venv/bin/")
    assert unit.one("WorkingDirectory") == f"{root}/opt/tongban/current"
    assert "%i" not in unit.one("ExecStart")
    assert unit.environment()["DATABASE_URL"] == "postgresql://a@b/c?d=e&f=g"
