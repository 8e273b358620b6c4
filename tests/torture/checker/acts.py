"""What people were told against what the database holds: nothing acknowledged is missing or there twice, nothing refused was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import psycopg

from tests.torture.ledger import ACKNOWLEDGED, REFUSED, Request

Found = Iterator[tuple[str, str]]
SKEW = 1.0  # seconds between the driver's clock and a row's


class Case(NamedTuple):
    id: str
    project_no: str
    account: str
    item: str
    at: datetime


CASES = """
select c.id::text, c.project_no, coalesce(p.account_id::text, ''), c.item_code, c.submitted_at
from cases_case c left join identity_person p on p.id = c.applicant_person_id order by c.submitted_at
"""
PLANS = "select file_name, array_agg(case_id::text) from cases_casematerial where file_name <> '' group by file_name"


def submissions(link: psycopg.Connection, requests: list[Request]) -> Found:
    """Every acknowledged application exists once, as it was told; no other exists twice; nobody's application came from nowhere."""
    cases = {case.id: case for case in map(Case._make, link.execute(CASES))}
    attempts: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for request in requests:
        if request.act == "apply":
            attempts[request.by, request.key].append(request)
    told = {key: {one.told["id"]: one for one in ones if one.outcome == ACKNOWLEDGED} for key, ones in attempts.items()}
    yield from _as_told(cases, told)
    yield from _by_mark(link, attempts, told)
    known = {case_id for answers in told.values() for case_id in answers}
    open_keys = [ones for key, ones in attempts.items() if not told[key]]
    yield from _left_over([case for case in cases.values() if case.id not in known], open_keys)


def _as_told(cases: dict[str, Case], told: dict[tuple[str, str], dict[str, Request]]) -> Found:
    owner: dict[str, str] = {}
    for (by, key), answers in told.items():
        if len(answers) > 1:
            yield key, f"one key was answered with {len(answers)} cases"
        for case_id, request in answers.items():
            case = cases.get(case_id)
            if case is None:
                yield key, f"acknowledged, and the case {case_id} does not exist"
            elif case.project_no != request.told["project_no"]:
                yield key, f"told {request.told['project_no']}, kept {case.project_no}"
            elif (case.account, case.item) != (by, request.more["item"]):
                yield key, f"the case {case_id} is somebody else's or for something else"
            if owner.setdefault(case_id, key) != key:
                yield key, f"the case {case_id} was also the answer to {owner[case_id]}"


def _by_mark(
    link: psycopg.Connection,
    attempts: dict[tuple[str, str], list[Request]],
    told: dict[tuple[str, str], dict[str, Request]],
) -> Found:
    """A plan's file name says which application a case came from, whatever the house thinks of keys."""
    plans = dict(link.execute(PLANS).fetchall())
    for key, ones in attempts.items():
        found = plans.get(ones[0].mark, []) if ones[0].mark else []
        if len(found) > 1:
            yield key[1], f"came into being {len(found)} times"
        if told[key] and ones[0].mark and sorted(told[key]) != found:
            yield key[1], f"told {', '.join(told[key])}, but its plan lies with {', '.join(found) or 'nobody'}"


def _left_over(cases: list[Case], open_keys: list[list[Request]]) -> Found:
    """A case nobody was told of must come from a request of its applicant that was sent before and never answered; each from its own."""
    free = sorted(open_keys, key=lambda ones: ones[0].sent_at)
    for case in cases:
        match = next((ones for ones in free if _may_be(case, ones)), None)
        if match is None:
            yield case.id, "came from no request, or from one that had become a case already"
        else:
            free.remove(match)


def _may_be(case: Case, ones: list[Request]) -> bool:
    first = ones[0]
    same = (first.by, first.more["item"]) == (case.account, case.item)
    return same and first.sent_at - SKEW <= case.at.timestamp() and any(one.outcome != REFUSED for one in ones)


EVENT = "select count(*) from cases_caseevent where case_id = %(about)s and verb = '{}' and note like '%%' || %(mark)s || '%%'"
DONE = "select count(*) from cases_caseevent where case_id = %(about)s and verb = '{}'"
STEP = "select count(*) from cases_casestep where case_id = %(about)s and state = 'done' and opinion = %(mark)s"
# What shows in the database that an act was done, counted. With a mark there is one of it or none; without, at least one.
MARKED = {
    **{
        verb: EVENT.format(verb)
        for verb in (
            "accept", "ask_correction", "supply_correction", "refuse_acceptance", "transfer", "withdraw", "urge",
            "offer_transfer", "return_transfer",
        )
    },
    "review": STEP,
    "give_opinion": STEP,
    "sign": STEP,
    "ask_opinions": "select count(*) from cases_asking where case_id = %(about)s and question = %(mark)s",
    "take_over": "select count(*) from cases_transfer where case_id = %(about)s and answer = 'taken' and note = %(mark)s",
    "decide": "select count(*) from cases_decision where case_id = %(about)s and reasons = %(mark)s",
    "deliver": "select count(*) from cases_delivery where case_id = %(about)s and tracking_no = %(mark)s",
    "upload": "select count(*) from files_storedfile where name = %(mark)s and content_id = %(sha256)s",
}  # fmt: skip
UNMARKED = {
    "receive": DONE.format("receive"),
    "certify": DONE.format("certify"),
    "deliver": DONE.format("deliver"),
    "close": DONE.format("close"),
    "supply_promised": "select count(*) from cases_casematerial where case_id = %(about)s and supplied_at is not null",
    "rate": "select count(*) from evaluation_rating where case_id = %(about)s",
    "start_payment": "select count(*) from payments_payment where bill_id = %(about)s",
    # Of a case that ended meanwhile the money is taken note of, and given back.
    "pay": "select count(*) from payments_payment where bill_id = %(about)s and state in ('paid', 'extra')",
    "read": "select count(*) from notifications_message where id = %(about)s and read_at is not null",
    "draft": "select count(*) from cases_draft where id = %(told)s",
}  # fmt: skip


def acts(link: psycopg.Connection, requests: list[Request]) -> Found:
    """Every acknowledged act left its trace once, an unanswered one at most once, a refused one none."""
    for request in _last_attempts(requests):
        statement = (MARKED if request.mark else UNMARKED).get(request.act)
        if statement is None:
            continue
        words = {"about": request.about or None, "mark": request.mark, "told": request.told.get("id"), **request.more}
        counted = link.execute(statement, words).fetchone()
        if what := _wrong(request, int(counted[0]) if counted else 0):
            yield f"{request.n} {request.act} by {request.who}", what


def _last_attempts(requests: list[Request]) -> list[Request]:
    """Of a key that was sent again and again, what was said best: an acknowledgement, if there was one."""
    best: dict[str, Request] = {}
    for request in requests:
        name = f"{request.by} {request.key}" if request.key else str(request.n)
        if name not in best or best[name].outcome != ACKNOWLEDGED:
            best[name] = request
    return list(best.values())


def _wrong(request: Request, found: int) -> str:
    if request.outcome == ACKNOWLEDGED and not found:
        return "acknowledged, and there is no trace of it"
    if request.mark and found > 1:
        return f"done {found} times"
    if request.mark and request.outcome == REFUSED and not request.key and found:
        return "refused, and done"
    return ""
