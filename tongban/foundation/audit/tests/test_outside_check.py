"""A stranger with Python and openssl alone comes to the same verdict."""

from __future__ import annotations

import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from tongban.foundation.audit.actions import record, seal
from tongban.foundation.kernel.actors import ANONYMOUS

from .factories import guards_down

pytestmark = pytest.mark.django_db
CHECK = Path(__file__).resolve().parents[4] / "docs" / "guides" / "audit_check.py"


@pytest.fixture
def roots(settings, tmp_path, client) -> Path:
    """What an outsider kept: the published roots after one sealed day of three chains."""
    settings.AUDIT_KEY_FOLDER = tmp_path / "keys"
    with time_machine.travel("2026-03-02T02:00Z", tick=True):
        for subject in ("case:a", "case:b", "item:饭馆") * 2:
            record("cases.reviewed", actor=ANONYMOUS, subject=subject, data={"what": ["甲"], "n": 0.5})
    with time_machine.travel("2026-03-03T02:00Z", tick=True):
        seal()
    kept = tmp_path / "roots.json"
    kept.write_bytes(client.get("/audit/roots.json").content)
    return kept


def check(roots: Path) -> tuple[int, str]:
    export = roots.with_name("export.jsonl")
    with export.open("w", encoding="utf-8") as file, redirect_stdout(file):
        call_command("audit", "export")
    done = subprocess.run([sys.executable, "-I", str(CHECK), str(export), str(roots)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_an_untouched_trail_is_whole(roots: Path) -> None:
    code, said = check(roots)
    assert (code, said.strip()) == (0, "6 entries in 3 streams, 1 seals: whole")


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("update audit_fact set name = 'x' where stream = 'case:a' and position = 2", "case:a entry 2: altered"),
        ("delete from audit_fact where stream = 'case:b' and position = 1", "case:b entry 1: missing"),
        ("delete from audit_fact where stream = 'case:b' and position = 2", "seal 1"),
    ],
)
def test_an_alteration_is_found(roots: Path, statement: str, names: str) -> None:
    with guards_down() as cursor:
        cursor.execute(statement)
    code, said = check(roots)
    assert code == 1
    assert names in said


def test_a_forged_root_does_not_verify(roots: Path) -> None:
    forged = roots.read_text().replace('\\"facts\\":6', '\\"facts\\":7')
    assert forged != roots.read_text()
    roots.write_text(forged)
    assert "signature does not verify" in check(roots)[1]
