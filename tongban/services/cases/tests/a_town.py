"""A small town for playing cases at random: two departments, flows of three kinds, everybody at a desk, two deputies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tongban.foundation.identity.actions import name_deputy
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.letters.actions import load_templates
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases import actions
from tongban.services.cases.models import Case

from .factories import Office, make_case, make_office

HERE, THERE = "区卫健局", "区住建局"
WORDS = "理由"


def _stage(key: str, kind: str, post: str, *others: str, **more: Any) -> dict[str, Any]:
    parts = [{"department": name, "post": post} for name in ("self", *others)]
    return {"key": key, "name": key, "kind": kind, "limit_days": 1, "parts": parts, **more}


DECIDE, DELIVER = _stage("decide", "decide", "approver"), _stage("deliver", "deliver", "clerk")
FLOWS: dict[str, dict[str, Any]] = {
    "plain": {
        "stages": [_stage("review", "review", "reviewer"), DECIDE, _stage("certify", "certify", "clerk"), DELIVER]
    },
    "parallel": {"stages": [_stage("review", "review", "reviewer", THERE), DECIDE, DELIVER]},
    "return-paths": {
        "stages": [
            _stage("look", "review", "reviewer"),
            _stage("site", "review", "reviewer", THERE),
            DECIDE | {"return_to": ["look", "site"]},
            DELIVER,
        ]
    },
    "instant": {"stages": [_stage("do", "instant", "clerk")]},
}


@dataclass
class Town:
    """Everybody who plays, by name; each staff actor's post is the first word of his name."""

    offices: list[Office]
    applicant: Actor
    people: dict[str, Actor] = field(default_factory=dict)

    def new_case(self, flow: int) -> Case:
        return make_case(self.offices[flow], self.applicant)

    def staff(self) -> Iterator[Actor]:
        return (actor for actor in self.people.values() if actor.kind == "staff")


def build() -> Town:
    load_templates()  # here, once: each play is undone, and would read them anew
    there, applicant = make_department(THERE), citizen()
    offices = []
    for number, (name, flow) in enumerate(FLOWS.items()):
        instant = (
            {"project_type": "1", "review_type": "即审即办", "promise": {"days": 1, "unit": "1"}}
            if name == "instant"
            else {}
        )
        offices.append(
            make_office(
                code=f"item-{name}", catalog_code=f"00012300900{number}", flow={"accept": {"post": "clerk", "limit_days": 1}, **flow},
                special_procedures=[{"key": "site", "type": "2", "name": "现场踏勘", "limit_days": 5, "basis": "第三十四条"}],
                extension={"days": 5}, **instant,
            )
        )  # fmt: skip
    first, here = offices[0], offices[0].department
    people = {"clerk": first.clerk, "reviewer": first.reviewer, "approver": first.approver, "applicant": applicant}
    for role in ("clerk", "reviewer", "approver"):
        people[f"{role} second"] = officer(role, department=here)
        people[f"{role} there"] = officer(role, department=there)
    people["dept_head"] = officer("dept_head", department=here)
    people["supervisor"] = officer("supervisor")
    people["approver there second"] = officer("approver", department=there)
    # He reviews in his own name and may decide in another's; he takes cases in, and may review in another's.
    people["approver by deputy"] = _deputy(first.approver, people["reviewer second"])
    people["reviewer by deputy"] = _deputy(first.reviewer, people["clerk second"])
    return Town(offices, applicant, people)


def _deputy(principal: Actor, stand_in: Actor) -> Actor:
    row = name_deputy(actor=principal, account_id=stand_in.account_id, starts_on=today(), until_on=today())
    return actor_of(row.account, f"deputy:{row.pk}")


def _whom(town: Town, pick: int) -> Any:
    return sorted(actor.account_id for actor in town.staff())[pick % len(list(town.staff()))]


def _elsewhere(town: Town, case: Case, pick: int) -> Any:
    both = sorted({actor.department_id for actor in town.staff()} - {case.department_id}, key=str)
    return both[pick % len(both)]


def _missing(case: Case) -> Any:
    return case.steps.filter(state="todo").exclude(asking=None).values_list("pk", flat=True).first()


def _materials(case: Case) -> dict[str, Any]:
    asked = case.corrections.filter(supplied_at=None, lapsed_at=None).first()
    return {item["key"]: [{"way": "1"}] for item in asked.items} if asked else {}


VERDICTS, RESULTS, RULES = ("agree", "disagree"), ("granted", "refused", "partly"), ("all", "most")
WAYS = ("counter", "online", "post")
# Every verb with the words somebody might choose; `pick` is a number drawn at random.
Given = Callable[[Town, Case, int], dict[str, Any]]
VERBS: dict[str, Given] = {
    "receive": lambda town, case, pick: {},
    "accept": lambda town, case, pick: {},
    "refuse_acceptance": lambda town, case, pick: {"reasons": WORDS},
    "transfer": lambda town, case, pick: {"competent_body": "市住建局", "reasons": WORDS},
    "offer_transfer": lambda town, case, pick: {"department_id": _elsewhere(town, case, pick), "reasons": WORDS},
    "take_over": lambda town, case, pick: {},
    "return_transfer": lambda town, case, pick: {"reasons": WORDS},
    "ask_correction": lambda town, case, pick: {
        "items": [{"key": "plan", "name": "平面图", "problem": "看不清"}],
        "supervisor_reason": WORDS if pick % 2 else "",
    },
    "supply_correction": lambda town, case, pick: {"materials": _materials(case)},
    "claim": lambda town, case, pick: {},
    "release": lambda town, case, pick: {},
    "assign": lambda town, case, pick: {"account_id": _whom(town, pick)},
    "reassign": lambda town, case, pick: {"account_id": None if pick % 5 == 0 else _whom(town, pick), "reasons": WORDS},
    "review": lambda town, case, pick: {"verdict": VERDICTS[pick % 2], "opinion": WORDS},
    "give_opinion": lambda town, case, pick: {"verdict": VERDICTS[pick % 2], "opinion": WORDS},
    "send_back": lambda town, case, pick: {"reasons": WORDS, "to": ("", "look", "site", "review")[pick % 4]},
    "ask_opinions": lambda town, case, pick: {
        "question": WORDS,
        "account_ids": [_whom(town, pick), _whom(town, pick + 3)],
        "department_ids": [_elsewhere(town, case, pick)] if pick % 3 == 0 else [],
        "rule": RULES[pick % 2],
    },
    "add_signer": lambda town, case, pick: {"account_id": _whom(town, pick), "question": WORDS},
    "sign": lambda town, case, pick: {"verdict": VERDICTS[pick % 2], "opinion": WORDS},
    "excuse": lambda town, case, pick: {"step_id": _missing(case), "reasons": WORDS},
    "take_back": lambda town, case, pick: {},
    "urge": lambda town, case, pick: {},
    "suspend": lambda town, case, pick: {"procedure": "site", "reason": WORDS},
    "resume": lambda town, case, pick: {},
    "extend": lambda town, case, pick: {"reason": WORDS},
    "decide": lambda town, case, pick: {"result": RESULTS[pick % 3], "reasons": WORDS},
    "certify": lambda town, case, pick: {},
    "deliver": lambda town, case, pick: {"way": WAYS[pick % 3], "tracking_no": "EA1", "receiver": "李华"},
    "close": lambda town, case, pick: {},
    "withdraw": lambda town, case, pick: {},
    "terminate": lambda town, case, pick: {"reasons": WORDS},
    "void": lambda town, case, pick: {"reasons": WORDS},
}
# Written down a second time, by hand and not from the rules: which post may do what. A person is meant by `applicant`.
OF_THE_STAGE = "clerk reviewer approver"
MAY: dict[str, str] = {
    **dict.fromkeys(("receive", "accept", "refuse_acceptance", "transfer", "offer_transfer", "take_over", "return_transfer"), "clerk"),
    **dict.fromkeys(("certify", "deliver", "close"), "clerk"),
    **dict.fromkeys(("claim", "reassign", "send_back", "ask_opinions", "add_signer", "excuse", "take_back"), OF_THE_STAGE),
    "release": OF_THE_STAGE,
    "ask_correction": "clerk dept_head supervisor",
    "supply_correction": "applicant clerk",
    "assign": "approver dept_head supervisor",
    "review": "reviewer clerk",  # a clerk where one desk does it all (即办)
    "give_opinion": "reviewer",
    "sign": "clerk reviewer approver dept_head",
    "urge": "applicant clerk reviewer approver dept_head supervisor",
    "suspend": "reviewer approver",
    "extend": "reviewer approver",
    "resume": "reviewer approver",
    "decide": "approver clerk",  # likewise
    "withdraw": "applicant clerk",
    "terminate": "approver",
    "void": "approver",
}  # fmt: skip


def act(town: Town, case: Case, verb: str, who: str, pick: int) -> Case:
    return getattr(actions, verb)(actor=town.people[who], case_id=case.pk, **VERBS[verb](town, case, pick))
