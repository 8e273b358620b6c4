"""Whether the program is the one that was packed (可信验证): its files against the manifest that `deploy/pack` laid beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tongban.config.launch.cluster import ROOT

MANIFEST = "MANIFEST.sha256"  # as sha256sum writes it
CODE = {
    ".py",
    ".html",
    ".js",
    ".mo",
    ".yaml",
}  # what runs or is shown; nothing of these may be there that was not packed


def altered(root: Path = ROOT) -> list[str]:
    """Files that changed, are gone or were added since the release was packed; nothing where there is no manifest."""
    manifest = root / MANIFEST
    if not manifest.exists():
        return []
    lines = (line.partition("  ") for line in manifest.read_text().splitlines())
    packed = {name: digest for digest, _gap, name in lines}
    changed = [name for name, digest in packed.items() if _digest(root / name) != digest]
    there = {str(path.relative_to(root)) for path in (root / "tongban").rglob("*") if path.suffix in CODE}
    return sorted({*changed, *(there - packed.keys())})


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
