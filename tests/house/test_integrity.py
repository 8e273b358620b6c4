"""The program is the one that was packed, or a real city does not start."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.house.test_production import GOOD, fit
from tongban.config import production
from tongban.config.integrity import MANIFEST, altered


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


def test_a_checkout_has_no_manifest_and_nothing_to_compare(tmp_path: Path) -> None:
    assert altered(tmp_path) == []


def test_a_real_city_does_not_start_with_another_program(settings: Any, monkeypatch: Any) -> None:
    fit(settings)
    monkeypatch.setattr(production, "altered", lambda: ["tongban/one.py"])
    assert production.faults(GOOD) == ["tongban/one.py is not as it was packed (MANIFEST.sha256)"]
