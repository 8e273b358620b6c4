"""Looks for secrets that were committed: `python -m tests.house.secret_scan`. Known forms, and random-looking words named like one.

Small on purpose: the libraries for it are heavy or have stood still for years. What is harmless stands, with its reason, in
secrets_reviewed.toml.
"""

from __future__ import annotations

import hashlib
import math
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REVIEWED = Path(__file__).with_name("secrets_reviewed.toml")
LARGEST = 2_000_000
NOT_OURS = ("tongban/web/static/vendor/", "requirements", "package-lock.json")  # checked by their own hashes

# The forms makers give their keys, so that they can be found.
FORMS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "Aliyun key": re.compile(r"\bLTAI[0-9A-Za-z]{12,26}\b"),
    "Tencent key": re.compile(r"\bAKID[0-9A-Za-z]{32}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{60,})\b"),
    "GitLab token": re.compile(r"\bglpat-[\w-]{20}\b"),
    "Slack token": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "bearer token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
    "password in an address": re.compile(r"://[^\s:/@{}<>\"']+:([^\s@{}<>\"'/]{6,})@"),
}
NAMED = re.compile(
    r"""(?i)(?:passw(?:or)?d|passwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|pin)[\w-]{0,40}["']?\s{0,4}"""
    r"""(?:[:=]|=\s?>)\s{0,4}(?:b|r|f)?["']([^"'\s]{8,})["']"""
)
LEAST_ENTROPY = 3.5  # bits a character; German or English words stay below, random base64 lies above
LONG_AND_RANDOM = re.compile(r"""["']([A-Za-z0-9+/_-]{40,}={0,2})["']""")
RANDOM_ENTROPY = 4.6


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    what: str
    text: str

    @property
    def mark(self) -> str:
        """What the reviewed list names it by: the place and a fingerprint, so that another secret there is another finding."""
        return hashlib.sha256(f"{self.path}\n{self.text}".encode()).hexdigest()[:16]


def entropy(text: str) -> float:
    """Bits a character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _named(text: str) -> bool:
    """A value given to something called a secret: random to look at, and no path, gap or word of ours."""
    return entropy(text) >= LEAST_ENTROPY and bool(re.search(r"\d", text)) and not re.search(r"[{}<>()$%/.\[\]]", text)


def _random(text: str) -> bool:
    mixed = re.search(r"[a-z]", text) and re.search(r"[A-Z]", text) and re.search(r"\d", text)
    return bool(mixed) and entropy(text) >= RANDOM_ENTROPY


def _hits(text: str) -> Iterator[tuple[str, str, int]]:
    for what, form in FORMS.items():
        yield from ((what, hit.group(0), hit.start()) for hit in form.finditer(text))
    yield from (("named", hit.group(1), hit.start()) for hit in NAMED.finditer(text) if _named(hit.group(1)))
    yield from (
        ("random", hit.group(1), hit.start()) for hit in LONG_AND_RANDOM.finditer(text) if _random(hit.group(1))
    )


def found_in(path: str, text: str) -> Iterator[Finding]:
    for what, secret, start in _hits(text):
        yield Finding(path, text.count("\n", 0, start) + 1, what, secret)


def committed() -> list[str]:
    """Every file of the project: what is tracked, and what is new and not ignored."""
    told = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return sorted(subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def findings() -> list[Finding]:
    found = []
    for name in committed():
        path = ROOT / name
        if name.startswith(NOT_OURS) or not path.is_file() or path.stat().st_size > LARGEST:
            continue
        try:
            found += found_in(name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # a picture, a font
    return found


def reviewed() -> dict[str, str]:
    """Mark → why it is no secret."""
    return {mark: why for why, marks in tomllib.loads(REVIEWED.read_text()).items() for mark in marks}


def main() -> int:
    known = reviewed()
    left = [finding for finding in findings() if finding.mark not in known]
    for finding in left:
        print(f'{finding.path}:{finding.line}: {finding.what}; if it is harmless: "{finding.mark}"')
    print(f"secrets: {len(left)} found, {len(known)} reviewed")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
