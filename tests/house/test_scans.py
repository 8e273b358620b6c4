"""No secret is committed, everything we build on is pinned and may be used, and the scans find what is planted."""

from __future__ import annotations

import importlib.metadata
import json
import re
from zipfile import ZipFile

import pytest

from . import dependency_scan, secret_scan
from .secret_scan import ROOT, found_in

# What a city may run and pass on with its own code: permissive, or of a library that is used unchanged (LGPL, MPL).
LICENCES = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|HPND|Zlib|Unlicense|LGPL|MPL|Mozilla|CC0|0BSD"
)
# Told nowhere in their metadata, or in words of their own; read by a person in their repositories.
READ = {"zen-engine": "MIT", "axe-playwright-python": "Apache-2.0", "tongban": "our own"}

PLANTED = [
    ("private key", "-----BEGIN EC " + "PRIVATE KEY-----"),
    ("private key", "-----BEGIN " + "PRIVATE KEY-----"),
    ("AWS key", "key = AKIA" + "QWERTYUIOP123456"),
    ("Aliyun key", '"LTAI' + '5tQwErTyUiOpAsDfGh"'),
    ("Tencent key", "AKID" + "z8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"),
    ("GitHub token", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"),
    (
        "bearer token",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVm" + "NHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ),
    ("password in an address", "postgresql://city:" + "h4rd2gu3ss@db/tongban"),
    ("named", 'SMS_SECRET = "' + 'q7Jp0vRz81LmXw"'),
    ("named", "api-key: '" + "9f8e7d6c5b4a39281706'"),
    ("random", 'x = "' + "Zm9vYmFyQmF6UXV4MTIz" + 'NDU2Nzg5MEFCQ0RFRkdISUo"'),
]
HARMLESS = [
    'password = request.POST.get("password", "")',
    'PASSWORD = "at-least-ten-characters"',
    '"csrfmiddlewaretoken": token',
    'token = "my/licences/<uuid:licence_id>/code/"',
    'secret = "请填写密码请填写密码"',
    'sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
    "postgresql://user:{password}@host/tongban",
]


@pytest.mark.parametrize(("what", "line"), PLANTED)
def test_a_planted_secret_is_found(what: str, line: str) -> None:
    assert what in {finding.what for finding in found_in("settings.py", f"first\n{line}\n")}


@pytest.mark.parametrize("line", HARMLESS)
def test_ordinary_lines_are_none(line: str) -> None:
    assert not list(found_in("settings.py", line))


def test_no_secret_is_committed_and_none_reviewed_is_gone() -> None:
    found = {finding.mark: f"{finding.path}:{finding.line} {finding.what}" for finding in secret_scan.findings()}
    known = secret_scan.reviewed()
    assert {place for mark, place in found.items() if mark not in known} == set()
    assert {why for mark, why in known.items() if mark not in found} == set(), "reviewed, but no longer there"


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_everything_is_pinned_to_its_hash(lock) -> None:
    for block in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]


def test_everything_installed_may_be_used() -> None:
    bad = {}
    for one in importlib.metadata.distributions():
        told = [
            one.metadata.get("License-Expression"),
            one.metadata.get("License"),
            *one.metadata.get_all("Classifier", []),
        ]
        words = " ".join(word for word in told if word)
        if one.name not in READ and not LICENCES.search(words):
            bad[one.name] = words[:80]
    assert not bad


def advisory(name: str = "Django", ecosystem: str = "PyPI", **affected: object) -> dict:
    package = {"name": name, "ecosystem": ecosystem}
    return {"id": "X-1", "modified": "2026-11-20T00:00:00Z", "affected": [{"package": package, **affected}]}


def spans(*events: dict[str, str]) -> list[dict]:
    return [{"type": "ECOSYSTEM", "events": list(events)}]


@pytest.mark.parametrize(
    ("version", "affected", "hit"),
    [
        ("5.2.19", {"ranges": spans({"introduced": "0"}, {"fixed": "5.2.20"})}, True),
        ("5.2.19", {"ranges": spans({"introduced": "0"}, {"fixed": "5.2.19"})}, False),
        ("5.2.19", {"ranges": spans({"introduced": "5.3"})}, False),
        ("5.2.19", {"ranges": spans({"introduced": "5.2"}, {"last_affected": "5.2.19"})}, True),
        ("5.2.19", {"ranges": spans({"introduced": "1"}, {"fixed": "2"}, {"introduced": "5"}, {"fixed": "6"})}, True),
        ("5.2.19", {"versions": ["5.2.19"]}, True),
        ("5.2.19", {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, False),
    ],
)
def test_a_hole_is_seen_as_osv_defines_it(version: str, affected: dict, hit: bool) -> None:
    found = dependency_scan.holes([advisory(**affected)], {("PyPI", "django"): version})
    assert bool(found) is hit


def test_what_was_withdrawn_or_is_another_ecosystems_is_none() -> None:
    everything = {"ranges": spans({"introduced": "0"})}
    ours = {("PyPI", "django"): "5.2.19"}
    assert dependency_scan.holes([advisory(**everything) | {"withdrawn": "2026-01-01T00:00:00Z"}], ours) == []
    assert dependency_scan.holes([advisory(ecosystem="npm", **everything)], ours) == []


def test_without_data_it_says_that_nothing_was_checked(monkeypatch, capsys) -> None:
    monkeypatch.delenv("TONGBAN_ADVISORIES", raising=False)
    assert dependency_scan.main() == 0
    assert "NOT CHECKED" in capsys.readouterr().out


def test_with_data_a_hole_fails_the_check(monkeypatch, capsys, tmp_path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", json.dumps(advisory(ranges=spans({"introduced": "0"}))))
        archive.writestr("X-2.json", json.dumps(advisory("htmx.org", "npm", ranges=spans({"introduced": "99"}))))
    monkeypatch.setenv("TONGBAN_ADVISORIES", str(tmp_path / "all.zip"))
    assert dependency_scan.main() == 1
    assert "django" in capsys.readouterr().out


def test_empty_data_are_no_check(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TONGBAN_ADVISORIES", str(tmp_path))
    assert dependency_scan.main() == 1


def test_both_locks_are_read() -> None:
    assert {("PyPI", "django"), ("npm", "htmx.org")} <= set(dependency_scan.pinned())
