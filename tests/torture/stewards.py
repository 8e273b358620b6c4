"""What a data steward does: writes in the catalogue, hands a file in, has it or his office's system gathered, goes on with what stopped."""

from __future__ import annotations

from . import cataloguers
from .client import Client
from .handed import FILES, SYSTEM, file_of

RUN = r"/console/gathering/runs/([0-9a-f-]{36})/"
EDGE = "torture-edge"


def steward(me: Client) -> None:
    if me.chance(0.6):
        cataloguers.writes(me)
    else:
        _brings_in(me)


def _brings_in(me: Client) -> None:
    if me.chance(0.4):
        _hand_in(me)
    job = me.person.desk[me.rng.choice([FILES, SYSTEM])]
    page = f"/console/gathering/jobs/{job}/"
    runs = me.ids(page, RUN)
    me.do("gather", f"{page}start/", {}, form=True, about=job)
    for run in runs:
        go_on = f"/console/gathering/runs/{run}/resume/"
        if go_on in me.ask(f"/console/gathering/runs/{run}/").text:
            me.do("go_on", go_on, {}, form=True, about=run)


def _hand_in(me: Client) -> None:
    """A file of a new version, in the place of the last one."""
    version = int(me.mark().rpartition(" ")[2])
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
    form = head.encode() + file_of(version) + f"\r\n--{EDGE}--\r\n".encode(), f"multipart/form-data; boundary={EDGE}"
    source = me.person.desk["source"]
    me.do("hand_in", f"/console/gathering/sources/{source}/upload/", raw=form, mark=str(version), about=source)
