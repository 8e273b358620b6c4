"""Whether the program is the one that was packed (可信验证): its files against the manifest that `deploy/pack` laid beside them, and
the manifest against the release key, whose public half lies where whoever writes the program's files cannot write."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import Path

from django.conf import settings

from tongban.config.launch.cluster import ROOT
from tongban.foundation.trust.gateways.openssl import algorithm_of, is_signed

MANIFEST = "MANIFEST.sha256"  # as sha256sum writes it
SIGNATURE = "MANIFEST.sm2"  # SM2 with SM3 over the manifest's bytes, DER
CODE = {
    ".py",
    ".html",
    ".js",
    ".mo",
    ".yaml",
}  # what runs or is shown; nothing of these may be there that was not packed


def altered(root: Path = ROOT, *, key: str = "") -> list[str]:
    """Files that changed, are gone or were added since the release was packed, the manifest among them.

    `key`: the file of the release's public key, of the settings if not given. Without any, nothing is asked of a folder that has no
    manifest, and a manifest is believed.
    """
    manifest, key = root / MANIFEST, key or settings.RELEASE_KEY
    forged = [MANIFEST] if key and not _signed(root, Path(key)) else []
    if not manifest.exists():
        return forged
    lines = (line.partition("  ") for line in manifest.read_text().splitlines())
    packed = {name: digest for digest, _gap, name in lines}
    changed = [name for name, digest in packed.items() if _digest(root / name) != digest]
    there = {str(path.relative_to(root)) for path in (root / "tongban").rglob("*") if path.suffix in CODE}
    return sorted({*forged, *changed, *(there - packed.keys())})


def release_key(path: Path) -> bytes | None:
    """The SM2 key in a PEM file (SubjectPublicKeyInfo, DER); None when it holds none."""
    if path == Path():
        return None
    try:
        text = path.read_text(encoding="ascii")
        found = re.search(r"-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----", text, re.DOTALL)
        der = base64.b64decode(found[1]) if found else b""
    except (OSError, ValueError, binascii.Error):
        return None
    return der if algorithm_of(der) == "sm2" else None


def _signed(root: Path, path: Path) -> bool:
    key = release_key(path)
    try:
        manifest, signature = (root / MANIFEST).read_bytes(), (root / SIGNATURE).read_bytes()
    except OSError:
        return False
    return key is not None and is_signed(key, manifest, signature)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
