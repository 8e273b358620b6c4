"""The guide for strangers says commands that work: they are run here as they stand in it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tongban.foundation.credentials import actions as credential_actions
from tongban.services.licences.tests.factories import make_licence

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guides" / "verify.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
pytestmark = pytest.mark.django_db


def run(command: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60)


def taken_apart(folder: Path, record: dict) -> None:
    (folder / "record.json").write_text(json.dumps(record))
    (folder / "keys.json").write_bytes(Client().get("/verify/keys.json").content)
    done = run(COMMANDS[0], folder)
    assert done.returncode == 0, done.stderr


def licence_record() -> dict:
    licence = make_licence()
    return {"text": str(licence.record), "signatures": licence.signatures}


def status_record() -> dict:
    credential_actions._kept.clear()
    return Client().get("/verify/status/0.json").json()


@pytest.mark.parametrize("record_of", [licence_record, status_record])
def test_openssl_agrees_with_both_signatures(tmp_path: Path, record_of) -> None:
    taken_apart(tmp_path, record_of())
    assert len(COMMANDS) == 3
    said = [run(command, tmp_path) for command in COMMANDS[1:]]
    assert [done.returncode for done in said] == [0, 0]
    assert "Verified OK" in said[0].stdout
    assert "Signature Verified Successfully" in said[1].stdout


def test_openssl_sees_one_changed_character(tmp_path: Path) -> None:
    taken_apart(tmp_path, licence_record())
    text = (tmp_path / "text").read_text()
    (tmp_path / "text").write_text(text.replace("李", "王", 1))
    assert all(run(command, tmp_path).returncode for command in COMMANDS[1:])
