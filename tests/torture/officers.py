"""What staff do: each takes the next step on some case of his worklist, by the API, and by the pages' forms where it has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import cataloguers
from .client import Client
from .stewards import steward

Case = dict[str, Any]
SEEN = re.compile(r'name="seen" value="([^"]*)"')
OPTION = re.compile(r'<option value="([0-9a-f-]{36})"')
ANSWERS = ("take_over", "return_transfer", "sign", "give_opinion")


def _pick(me: Client, *states: str) -> Case | None:
    """Some case of the department in one of these states."""
    found = me.cases(state=me.rng.choice(states))
    return me.rng.choice(found) if found else None


def _step(me: Client, act: str, noun: str, case: Case, mark: str = "", **body: Any) -> None:
    me.do(act, f"/api/v1/cases/{case['project_no']}/{noun}", body, mark=mark, about=case["id"])


def _page(me: Client, act: str, case: Case, mark: str, choose: str = "", **fields: Any) -> None:
    """A verb that only pages have: read the form, choose one of those it offers in a field, send it as it was drawn."""
    path = f"/console/cases/{case['id']}/{act}/"
    page = me.ask(path).text
    if choose:
        if not (offered := _offered(page, choose)):
            return
        fields[choose] = me.rng.choice(offered)
    if seen := SEEN.search(page):
        me.do(act, path, {"seen": seen[1], **fields}, form=True, mark=mark, about=case["id"])


def _offered(page: str, field: str) -> list[str]:
    """What a form lets one choose in a field: boxes, or the lines of a list."""
    boxes = re.findall(rf'name="{field}" value="([0-9a-f-]{{36}})"', page)
    return boxes or OPTION.findall(page.partition(f'name="{field}"')[2].partition("</select>")[0])


def _asked(me: Client) -> bool:
    """Whether something waited for this one's answer: an opinion (会签), or whether his department takes a case over (移送)."""
    waiting = me.ids("/console/cases/?asked=1", r"/console/cases/([0-9a-f-]{36})/")
    if not waiting:
        return False
    case, mark = {"id": me.rng.choice(waiting)}, me.mark()
    verbs = {found for found in ANSWERS if f"/{case['id']}/{found}/" in me.ask(f"/console/cases/{case['id']}/").text}
    if "take_over" in verbs and me.chance(0.8):
        _page(me, "take_over", case, mark, note=mark)
    elif "return_transfer" in verbs:
        _page(me, "return_transfer", case, mark, reasons=mark)
    else:
        act = "sign" if "sign" in verbs else "give_opinion"
        _page(me, act, case, mark, verdict="agree", opinion=mark)
    return True


def clerk(me: Client) -> None:
    """Answers whoever asks him; takes in, answers first, certifies, hands out."""
    if me.chance(0.5) and _asked(me):
        return
    case = _pick(me, "submitted", "submitted", "received", "decided", "certifying", "delivering")
    if case is None:
        return
    mark = me.mark()
    if case["state"] in ("submitted", "received"):
        _answer(me, case, mark)
    elif case["state"] == "decided" and case["result"] != "refused":
        _step(me, "certify", "certificate", case)
    elif case["state"] in ("decided", "certifying"):
        way = {"way": "post", "tracking_no": mark, "carrier": "EMS"} if me.chance(0.5) else {"way": "online"}
        _step(me, "deliver", "delivery", case, mark if way["way"] == "post" else "", **way)
    else:
        _step(me, "close", "closing", case)


def _answer(me: Client, case: Case, mark: str) -> None:
    drawn = me.rng.random()
    if case["state"] == "submitted" and drawn < 0.25:
        _step(me, "receive", "receipt", case)
    elif drawn < 0.4:
        _page(me, "offer_transfer", case, mark, choose="department_id", reasons=mark)
    elif drawn < 0.85:
        _step(me, "accept", "acceptance", case, mark, note=mark)
    elif drawn < 0.95:
        items = [{"key": "plan", "name": "平面图", "problem": mark}]
        _step(me, "ask_correction", "correction", case, mark, items=items, days=15)
    elif drawn < 0.98:
        _page(me, "refuse_acceptance", case, mark, reasons=mark)
    else:
        _page(me, "transfer", case, mark, competent_body="市住房和城乡建设局", reasons=mark)


def reviewer(me: Client) -> None:
    """Answers whoever asks him; asks colleagues and other departments before some reviews; reviews."""
    if _asked(me):
        return
    if case := _pick(me, "accepted", "accepted", "reviewing"):
        mark = me.mark()
        if me.chance(0.15):
            _page(
                me,
                "ask_opinions",
                case,
                mark,
                choose=me.rng.choice(("account_ids", "department_ids")),
                question=mark,
                rule="all",
            )
        else:
            _step(me, "review", "review", case, mark, verdict="agree", opinion=mark)


def approver(me: Client) -> None:
    case = _pick(me, "reviewing", "reviewing", "accepted")
    if case is not None:
        mark = me.mark()
        _step(me, "decide", "decision", case, mark, result="granted" if me.chance(0.85) else "refused", reasons=mark)


DUTIES: dict[str, Callable[[Client], None]] = {
    "clerk": clerk,
    "reviewer": reviewer,
    "approver": approver,
    "steward": steward,
    "head": cataloguers.answers,
    "platform": cataloguers.answers,
}
