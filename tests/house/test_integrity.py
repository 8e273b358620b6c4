"""The program is the one that was packed, or a real city does not start."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.house.test_production import GOOD, fit
from tongban.config import production
from tongban.config.integrity import MANIFEST, SIGNATURE, altered, release_key


def packed(root: Path) -> Path:
    """A small release, its manifest made by the very line of `deploy/pack`."""
    (root / "tongban").mkdir()
    (root / "tongban" / "one.py").write_text("one = 1\n")
    (root / "tongban" / "名 字.html").write_text("<p>\n")
    line = next(line for line in Path("deploy/pack").read_text().splitlines() if MANIFEST in line and "find" in line)
    subprocess.run(["bash", "-c", line.replace("$release", str(root))], check=True)
    return root


def test_what_changed_is_gone_or_was_added_is_named(tmp_path: Path) -> None:
    root = packed(tmp_path)
    assert altered(root) == []
    (root / "tongban" / "one.py").write_text("one = 2\n")
    (root / "tongban" / "名 字.html").unlink()
    (root / "tongban" / "more.py").write_text("")
    (root / "tongban" / "seen.pyc").write_text("")  # compiled on the spot
    assert altered(root) == ["tongban/more.py", "tongban/one.py", "tongban/名 字.html"]


def signed(root: Path, key: Path) -> None:
    """By the very line of `deploy/pack`, with what the system's OpenSSL makes."""
    script = Path("deploy/pack").read_text()
    line = next(line.strip() for line in script.splitlines() if SIGNATURE in line and "openssl" in line)
    said = line.replace("$release", str(root)).replace("$TONGBAN_RELEASE_SECRET", str(key))
    subprocess.run(["bash", "-c", said], check=True)


def pair(folder: Path) -> tuple[Path, Path]:
    """A release key as docs/operations.md has it made: its private and its public half."""
    folder.mkdir()
    made = "openssl genpkey -algorithm SM2 -out release.key && openssl pkey -in release.key -pubout -out release.pem"
    assert made in Path("docs/operations.md").read_text()
    subprocess.run(["bash", "-c", made], check=True, cwd=folder, capture_output=True)
    return folder / "release.key", folder / "release.pem"


def test_a_changed_file_is_not_hidden_by_a_changed_manifest(tmp_path: Path) -> None:
    secret, key = pair(tmp_path / "keys")
    (tmp_path / "release").mkdir()
    root = packed(tmp_path / "release")
    assert altered(root, key=str(key)) == [MANIFEST]  # nobody has signed it yet
    signed(root, secret)
    assert altered(root, key=str(key)) == []
    (root / "tongban" / "one.py").write_text("one = 2\n")
    assert altered(root, key=str(key)) == ["tongban/one.py"]
    subprocess.run(
        ["bash", "-c", "find tongban -type f -print0 | xargs -0 sha256sum >MANIFEST.sha256"], check=True, cwd=root
    )
    assert altered(root) == []  # to whoever believes the manifest
    assert altered(root, key=str(key)) == [MANIFEST]
    other, _public = pair(tmp_path / "others")
    signed(root, other)  # by somebody, but not by the house
    assert altered(root, key=str(key)) == [MANIFEST]
    signed(root, secret)
    assert altered(root, key=str(key)) == []
    for name in (SIGNATURE, MANIFEST):
        (root / name).unlink()
        assert altered(root, key=str(key)) == [MANIFEST]


def test_what_is_no_key_believes_nothing(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    root, other = packed(tmp_path / "release"), tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", "x"], check=True, cwd=tmp_path)
    subprocess.run(["openssl", "pkey", "-in", "x", "-pubout", "-out", str(other)], check=True, cwd=tmp_path)
    for said in (tmp_path / "none.pem", root / MANIFEST, other):
        assert release_key(said) is None
        assert altered(root, key=str(said)) == [MANIFEST]


def test_a_checkout_has_no_manifest_and_nothing_to_compare(tmp_path: Path) -> None:
    assert altered(tmp_path) == []


def test_a_real_city_does_not_start_with_another_program(settings: Any, monkeypatch: Any, tmp_path: Path) -> None:
    fit(settings, tmp_path)
    monkeypatch.setattr(production, "altered", lambda: ["tongban/one.py"])
    assert production.faults(GOOD) == ["tongban/one.py is not as it was packed and signed (MANIFEST.sha256)"]
