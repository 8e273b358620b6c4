#!/usr/bin/env python3
"""Check an export of the audit trail against published roots, trusting nothing of Tongban's.

Needs Python's standard library and the `openssl` program (3.0 or later) only. Usage:

    python3 audit_check.py export.jsonl roots.json

`export.jsonl` comes from `tongban audit export`, `roots.json` is a copy of /audit/roots.json that you kept yourself.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

FIELDS = ("id", "name", "at", "actor_kind", "actor_id", "person_id", "department_id", "stream", "position", "data")


def sm3(data):
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).hexdigest()
    done = subprocess.run(["openssl", "dgst", "-sm3", "-binary"], input=data, capture_output=True, check=True)
    return done.stdout.hex()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of(leaves):
    level = [sm3(b"\x00" + leaf.encode()) for leaf in leaves] or [sm3(b"")]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [sm3(b"\x01" + "".join(pair).encode()) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def is_signed(statement, signature, pem):
    with tempfile.TemporaryDirectory() as folder:
        names = {"s": statement.encode(), "g": base64.b64decode(signature), "k": pem.encode()}
        for name, content in names.items():
            (Path(folder) / name).write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "k", "-rawin", "-in", "s", "-sigfile", "g"]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def faults_of_chains(streams):
    for stream, facts in sorted(streams.items()):
        previous, expected = "", 1
        for fact in sorted(facts, key=lambda f: f["position"]):
            digest = sm3(fact["previous"].encode() + canonical({name: fact[name] for name in FIELDS}))
            if fact["position"] != expected:
                yield f"{stream} entry {expected}: missing"
                break
            if digest != fact["digest"] or fact["previous"] != previous:
                yield f"{stream} entry {expected}: altered"
                break
            previous, expected = fact["digest"], expected + 1


def faults_of_seals(roots, streams):
    since, previous = None, ""
    for seal in roots["seals"]:
        statement = json.loads(seal["statement"])
        until = datetime.fromisoformat(statement["until"])
        if not is_signed(seal["statement"], seal["signature"], roots["keys"][seal["key"]]):
            yield f"seal {seal['number']}: signature does not verify"
        if statement["previous"] != previous:
            yield f"seal {seal['number']}: does not follow the one before"
        heads = []
        for stream in sorted(streams, key=str.encode):
            times = [(f["position"], f["digest"]) for f in streams[stream] if within(f, since, until)]
            if times:
                heads.append("{} {} {}".format(stream, *max(times)))
        if root_of(heads) != statement["root"]:
            yield f"seal {seal['number']} (until {statement['until']}): entries were altered, removed or added since"
        since, previous = until, sm3(seal["statement"].encode())


def within(fact, since, until):
    at = datetime.fromisoformat(fact["at"])
    return at <= until and (since is None or at > since)


def main(export, kept):
    streams = {}
    for line in Path(export).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["kind"] == "fact":
            streams.setdefault(entry["stream"], []).append(entry)
    roots = json.loads(Path(kept).read_text(encoding="utf-8"))
    faults = [*faults_of_chains(streams), *faults_of_seals(roots, streams)]
    for fault in faults:
        print(fault)
    count = sum(map(len, streams.values()))
    print(
        f"{count} entries in {len(streams)} streams, {len(roots['seals'])} seals: " + ("ALTERED" if faults else "whole")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
