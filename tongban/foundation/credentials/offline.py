"""`tongban verify`: a credential checked with two downloaded files. No database, no network, no settings of the house."""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings

from .rules import Checked, KeySet, StatusList, Unreadable, check, read_key_set, read_status_list
from .sentences import ANSWERS, DOUBTS, LABELS, STEPS, step_words

GOOD, BAD, UNUSABLE = 0, 1, 2  # exit codes
LARGEST = 2_000_000  # bytes of a key set or a list


class Useless(Exception):
    """A file that cannot be worked with, in words."""


def document(name: str) -> Any:
    """A downloaded file."""
    try:
        text = Path(name).read_bytes()
        if len(text) > LARGEST:
            raise Useless(f"{name}：文件太大。")
        return json.loads(text)
    except OSError as error:
        raise Useless(f"{name}：读不了（{error.strerror}）。") from None
    except (ValueError, RecursionError):
        raise Useless(f"{name}：不是下载的原文件。") from None


def list_of(published: Any, keys: KeySet) -> StatusList:
    """A downloaded status list, when one of the keys for credentials signed it."""
    try:
        text = published["text"].encode()
        for one in published["signatures"]:
            key = keys.keys.get(str(one["kid"]))
            if (
                one["alg"] == "p256"
                and key
                and _is_signed(key.pem, base64.b64decode(one["value"], validate=True), text)
            ):
                return read_status_list(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, RecursionError, Unreadable):
        pass
    raise Useless("状态清单的签名不符，不能采信。请重新下载。")


def _is_signed(pem: str, signature: bytes, data: bytes) -> bool:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, data, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tongban verify", description="不联网核对证照上的核验码。公钥集和状态清单从“证照核验”页下载。"
    )
    parser.add_argument("text", help="核验码、带核验码的网址，或者装着它的文本文件；- 表示从标准输入读")
    parser.add_argument("--keys", required=True, help="公钥集 keys.json")
    parser.add_argument("--status", action="append", default=[], help="状态清单，可以给几份")
    parser.add_argument("--json", action="store_true", help="给程序读的结果")
    return parser.parse_args(arguments)


def _typed(text: str) -> str:
    if text == "-":
        return sys.stdin.read(10_000)
    if len(text) < 200 and Path(text).is_file():
        return Path(text).read_bytes()[:10_000].decode(errors="replace")
    return text


def _answer(asked: argparse.Namespace) -> tuple[Checked, float]:
    text = _typed(asked.text)
    try:
        keys = read_key_set(document(asked.keys))
    except Unreadable:
        raise Useless(f"{asked.keys}：不是公钥集。") from None
    lists = [list_of(document(name), keys) for name in asked.status]
    at = datetime.fromtimestamp(time.time(), UTC)
    began = time.perf_counter()
    found = check(text, keys, None, at)
    if found.claims and lists:
        wanted = found.claims.list_no
        found = check(text, keys, next((one for one in lists if one.number == wanted), None), at)
    return found, (time.perf_counter() - began) * 1000


def told(found: Checked) -> str:
    """The answer in words, line by line."""
    title, meaning, _mark = ANSWERS[found.answer]
    lines = [f"【{title}】{meaning}", *[f"! {DOUBTS[doubt]}" for doubt in found.doubts]]
    if claims := found.claims:
        until = claims.valid_until.isoformat() if claims.valid_until else "长期"
        values = (claims.kind, claims.number, claims.holder, claims.issuer, claims.valid_from.isoformat(), until)
        lines += [f"  {label}：{value}" for label, value in zip(LABELS, values, strict=True)]
    marks = {True: "✓", False: "✗", None: "?"}
    lines += [f"{marks[step.ok]} {STEPS[step.step][0]}：{step_words(step.step, step.ok)}" for step in found.steps]
    if found.as_of:
        lines.append(f"  状态清单的时间：{found.as_of.isoformat()}")
    return "\n".join(lines)


def _as_json(found: Checked, took: float) -> str:
    steps = [{"step": step.step, "ok": step.ok} for step in found.steps]
    subject = found.claims.subject if found.claims else None
    as_of = found.as_of.isoformat() if found.as_of else None
    body = {"answer": found.answer, "subject": subject, "as_of": as_of, "doubts": found.doubts, "steps": steps}
    return json.dumps(body | {"milliseconds": round(took, 2)}, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """0: valid. 1: anything else it can be. 2: a file that cannot be used."""
    if not settings.configured:
        settings.configure(USE_I18N=False)  # the words are Chinese; nothing else of Django is woken
    asked = _asked(arguments)
    try:
        found, took = _answer(asked)
    except Useless as useless:
        sys.stderr.write(f"{useless}\n")
        return UNUSABLE
    sys.stdout.write((_as_json(found, took) if asked.json else told(found)) + "\n")
    return GOOD if found.answer == "valid" else BAD
