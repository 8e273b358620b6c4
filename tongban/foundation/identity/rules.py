"""What each role may do, who may hold which roles together, and what makes an identity or a password good enough."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from unicodedata import category

from tongban.foundation.kernel.identifiers import citizen_id_fault, is_mobile

OWN, DEPARTMENT, DIVISION, ALL = "OWN", "DEPARTMENT", "DIVISION", "ALL"

_READS_CASES = {"cases.see": DEPARTMENT, "files.see": DEPARTMENT, "items.see": DEPARTMENT, "cases.export": DEPARTMENT}
# Whoever works on cases is asked for his opinion, urges others, and names who acts for him while he is away.
# One's own department's licences, and others' with the holder's consent or by law.
_USES_LICENCES = {"licences.see": DEPARTMENT, "licences.look": DEPARTMENT}
_WORKS_TOGETHER = {"cases.sign": DEPARTMENT, "cases.urge": DEPARTMENT, "identity.depute": OWN}
# Whoever uses a seal asks; those who answer for the department apply for its seals and agree to their use (电子印章管理办法).
_USES_SEALS = {"seals.see": DEPARTMENT, "seals.use": DEPARTMENT}
_ANSWERS_FOR_SEALS = {"seals.apply": DEPARTMENT, "seals.approve": DEPARTMENT}

# A natural person, and a company through the person who acts for it.
APPLICANT = {
    "cases.apply": OWN,
    "cases.see": OWN,
    "cases.urge": OWN,
    "cases.withdraw": OWN,
    "evaluation.rate": OWN,
    "files.see": OWN,
    "licences.hold": OWN,
}

# role → {verb: how far it reaches}. One row per role, so that a person can read who may do what.
GRANTS: dict[str, dict[str, str]] = {
    "clerk": {
        **_READS_CASES,
        **_WORKS_TOGETHER,
        **_USES_LICENCES,
        "licences.issue": DEPARTMENT,  # with the certifying of a case
        "cases.apply": DEPARTMENT,  # at the counter, for a person who came
        "cases.receive": DEPARTMENT,
        "cases.accept": DEPARTMENT,
        "cases.correct": DEPARTMENT,
        "cases.refuse_acceptance": DEPARTMENT,
        "cases.transfer": DEPARTMENT,
        "cases.withdraw": DEPARTMENT,  # on the applicant's signed request
        "cases.certify": DEPARTMENT,
        "cases.deliver": DEPARTMENT,
        "cases.close": DEPARTMENT,
        "decisions.see": DEPARTMENT,  # what rules doubted is what he looks at first
        "registries.look": DEPARTMENT,
        "persons.unmask": DEPARTMENT,
        "persons.verify": ALL,  # whoever stands at any counter with his identity card
        **_USES_SEALS,
        "seals.keep": DEPARTMENT,
    },
    "reviewer": {
        **_READS_CASES,
        **_WORKS_TOGETHER,
        **_USES_LICENCES,
        "cases.review": DEPARTMENT,
        "decisions.see": DEPARTMENT,
        "decisions.check": DEPARTMENT,
        "cases.suspend": DEPARTMENT,
        "cases.extend": DEPARTMENT,
        "registries.look": DEPARTMENT,
        "persons.unmask": DEPARTMENT,
        **_USES_SEALS,
        "seals.keep": DEPARTMENT,
    },
    "approver": {
        **_READS_CASES,
        **_WORKS_TOGETHER,
        **_USES_LICENCES,
        "licences.issue": DEPARTMENT,
        "licences.manage": DEPARTMENT,
        "licences.share": DEPARTMENT,
        "cases.decide": DEPARTMENT,
        "decisions.see": DEPARTMENT,
        "decisions.check": DEPARTMENT,
        "decisions.halt": DEPARTMENT,
        "cases.suspend": DEPARTMENT,
        "cases.extend": DEPARTMENT,
        "cases.terminate": DEPARTMENT,
        "evaluation.see": DEPARTMENT,
        "registries.look": DEPARTMENT,
        "persons.unmask": DEPARTMENT,
        **_USES_SEALS,
        **_ANSWERS_FOR_SEALS,
    },
    "item_manager": {
        "decisions.see": DEPARTMENT,
        "items.see": DEPARTMENT,
        "items.manage": DEPARTMENT,
        "items.correct": DEPARTMENT,
        "licences.see": DEPARTMENT,
        "licences.gather": DEPARTMENT,
        "licences.share": DEPARTMENT,
        "licences.design": DEPARTMENT,
    },
    # What every department's items are written in belongs to the city's office for it, not to one department.
    "standard_keeper": {
        "items.see": DIVISION,
        "items.keep_tables": ALL,
        "standards.see": ALL,
        "standards.write": ALL,
        "places.see": ALL,
    },
    "dept_head": {
        **_READS_CASES,
        **_WORKS_TOGETHER,
        "evaluation.see": DEPARTMENT,
        "supervision.see": DEPARTMENT,
        "decisions.see": DEPARTMENT,
        "decisions.halt": DEPARTMENT,
        "licences.see": DEPARTMENT,
        "catalogue.review": DEPARTMENT,  # of what the department's stewards write
        **_USES_SEALS,
        **_ANSWERS_FOR_SEALS,
        "seals.keep": DEPARTMENT,
    },
    "supervisor": {
        "cases.see": DIVISION,
        "cases.urge": DIVISION,
        "items.see": DIVISION,
        "evaluation.see": DIVISION,
        "supervision.see": DIVISION,
        "supervision.order": DIVISION,
        "seals.see": DIVISION,
        "decisions.see": DIVISION,
        "quality.see": ALL,  # scores, reports and tickets of every department; no rows
    },
    "hall_manager": {"items.see": DIVISION, "evaluation.see": DIVISION, "supervision.see": DIVISION},
    "system_admin": {
        "organisations.manage": ALL,
        "identity.manage_accounts": ALL,
        "trust.see": ALL,
        "trust.apply": ALL,
    },
    "security_admin": {
        "identity.manage_rights": ALL,
        "trust.see": ALL,
        "trust.decide": ALL,
        "seals.see": ALL,
        "seals.review": ALL,
        "licences.open_scenes": ALL,
        "threats.see": ALL,
        "threats.handle": ALL,
        "threats.tune": ALL,
        "threats.verify": ALL,  # what another has handled
    },
    "audit_admin": {"audit.see": ALL, "seals.see": ALL, "threats.see": ALL, "threats.verify": ALL},
    "operator": {"operations.see": ALL, "tasks.see": ALL, "notifications.see_outbox": ALL},
    "hotline": {"items.see": DIVISION},
    # The department's systems and data in the catalogue; the platform's office looks at every department's.
    "data_steward": {
        "catalogue.write": DEPARTMENT,
        "gathering.manage": DEPARTMENT,
        "gathering.see": DEPARTMENT,
        "standards.see": DEPARTMENT,
        "standards.bind": DEPARTMENT,
        "quality.see": DEPARTMENT,
        "quality.manage": DEPARTMENT,
        "quality.answer": DEPARTMENT,
        "registries.see": DEPARTMENT,  # the registers that his department keeps
        "registries.decide": DEPARTMENT,
        "lineage.see": DEPARTMENT,
        "places.see": ALL,  # divisions and doors are everybody's
        "registries.look": DEPARTMENT,  # whoever decides between two values reads both, for a stated purpose
    },
    "data_admin": {
        "catalogue.publish": ALL,
        "gathering.see": ALL,
        "lineage.see": ALL,
        "topics.see": ALL,
        "places.see": ALL,
        "places.manage": ALL,
        "standards.see": ALL,
        "standards.review": ALL,
        "standards.bind": ALL,
        "quality.see": ALL,
        "quality.manage": ALL,
        "quality.handle": ALL,
        "registries.see": ALL,
        "registries.decide": ALL,
        "registries.manage": ALL,
        "registries.look": DEPARTMENT,
    },
}

# The three administrators watch one another (三员分立, GB/T 22239 8.1.4): nobody holds two of these, nor any other post
# beside one of them.
SEPARATED = frozenset({"system_admin", "security_admin", "audit_admin"})

# What a department's own system may be given.
SYSTEM_SCOPES = frozenset(
    {"cases.apply", "cases.see", "cases.receive", "cases.accept", "cases.correct", "cases.review", "cases.decide",
     "cases.deliver", "cases.close", "files.see", "items.see", "licences.see", "licences.look",
     "licences.gather", "licences.manage", "catalogue.see"}
)  # fmt: skip


def roles_clash(roles: set[str]) -> bool:
    """Whether one person would hold an administrator's post beside another role."""
    return bool(roles & SEPARATED) and len(roles) > 1


# 代理. What a colleague may be lent: the work on cases and what one reads for it. Whole numbers of persons, lists taken
# away and the power to name a deputy stay with whom the post was given to.
_LENT_BESIDE_CASES = frozenset({"files.see", "items.see", "registries.look", "licences.see", "licences.look"})
_NEVER_LENT = frozenset({"cases.export"})
READING = frozenset({"cases.see", "files.see", "items.see"})  # nobody can act on what he may not read
LONGEST_DEPUTISING = timedelta(days=92)  # longer is a new appointment, not a deputy


def lendable(role: str) -> dict[str, str]:
    """What a deputy at a post of this role may be given at most."""
    return {
        verb: reach
        for verb, reach in GRANTS.get(role, {}).items()
        if verb not in _NEVER_LENT and (verb.startswith("cases.") or verb in _LENT_BESIDE_CASES)
    }


def lent(role: str, verbs: Iterable[str]) -> dict[str, str]:
    """What a deputy holds: never more than the post, and of that what was named (`verbs` empty: all that may be lent)."""
    named = set(verbs)
    return {verb: reach for verb, reach in lendable(role).items() if not named or verb in named | READING}


def deputy_faults(
    *,
    starts_on: date | None,
    until_on: date | None,
    today: date,
    himself: bool,
    colleague: bool,
    lends_something: bool,
    taken: bool,
    away: bool,
    deputising: bool,
) -> list[tuple[str, str]]:
    """Every (field, code) in the way. `taken`: the post has a deputy in these days; `away`: the colleague has one himself;
    `deputising`: whoever names a deputy acts for somebody in these days, whose work would be left to nobody (no chains, no circles)."""
    days = starts_on is not None and until_on is not None
    faults = {
        "days_missing": ("starts_on", not days),
        "in_the_past": ("starts_on", starts_on is not None and starts_on < today),
        "ends_before": ("until_on", days and until_on < starts_on),  # type: ignore[operator]
        "too_long": ("until_on", days and until_on - starts_on >= LONGEST_DEPUTISING),  # type: ignore[operator]
        "himself": ("account", himself),
        "no_colleague": ("account", not himself and not colleague),
        "nothing_to_lend": ("verbs", not lends_something),
        "taken": ("starts_on", taken),
        "away": ("account", away),
        "deputising": ("starts_on", deputising),
    }
    return [(field, code) for code, (field, stands) in faults.items() if stands]


# 再次验证. Before signing, sealing, authorising, taking personal data away and changing secrets one proves again who one is, if
# the last proof is older than so many minutes (step-up; the number is the city's to change within these bounds).
PROOF_MINUTES, SHORTEST_PROOF, LONGEST_PROOF = 15, 1, 60


def proof_term_faults(
    *, minutes: int | None, starts_on: date | None, reason: str, today: date
) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with a new term of proofs."""
    faults = {
        ("minutes", "minutes"): minutes is None or not SHORTEST_PROOF <= minutes <= LONGEST_PROOF,
        ("starts_on", "starts_on"): starts_on is None or starts_on < today,
        ("reason", "reason"): not 4 <= len(reason) <= 200,
    }
    return [fault for fault, stands in faults.items() if stands]


def clearance_faults(*, known: bool, same: bool, himself: bool, reason: str) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with a new clearance."""
    faults = {
        ("grade", "grade"): not known,
        ("grade", "same"): same,
        ("grade", "himself"): himself,
        ("reason", "reason"): not 4 <= len(reason) <= 200,
    }
    return [fault for fault, stands in faults.items() if stands]


UNUSED_AFTER = timedelta(days=90)  # 多余、过期账户: an account nobody has used for so long is shown to be closed

# A code sent to a phone: for how long it counts, and how many wrong ones end it.
CODE_LASTS, MOST_TRIES = timedelta(minutes=10), 5


def classes_in(password: str) -> int:
    """How many of lower case, upper case, digits and other characters a password is made of."""
    kinds = (
        str.islower,
        str.isupper,
        str.isdigit,
        lambda char: not char.isalnum() or (char.isalpha() and not char.isascii()),
    )
    return sum(any(kind(char) for char in password) for kind in kinds)


def person_faults(*, name: str, id_number: str, phone: str, today: date) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with a person who registers."""
    faults = []
    if not 2 <= len(name.strip()) <= 60 or any(char.isdigit() for char in name):
        faults.append(("name", "name"))
    if fault := citizen_id_fault(id_number, today=today):
        faults.append(("id_number", fault))
    if not is_mobile(phone):
        faults.append(("phone", "phone"))
    return faults


MOST_ADDRESSES = 20  # in one book
LONGEST_LABEL, LONGEST_NAME, LONGEST_DETAIL = 10, 40, 200
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}")
_POSTCODE = re.compile(r"\d{6}")


def address_faults(
    *, label: str, name: str, phone: str, division_is_known: bool, division: str, detail: str, postcode: str
) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with an entry of an address book. Post needs a township, not only a county."""
    faults = {
        ("label", "label"): not 1 <= len(label) <= LONGEST_LABEL,
        ("name", "name"): not 1 <= len(name) <= LONGEST_NAME,
        ("phone", "phone"): not (is_mobile(phone) or _LANDLINE.fullmatch(phone)),
        ("place.division", "division"): not division_is_known or not division[6:].strip("0"),
        ("place.detail", "detail"): not 1 <= len(detail) <= LONGEST_DETAIL,
        ("postcode", "postcode"): bool(postcode) and not _POSTCODE.fullmatch(postcode),
    }
    faults |= {
        (field, "text"): not _is_plain(text)
        for field, text in (("label", label), ("name", name), ("place.detail", detail))
    }
    return [fault for fault, stands in faults.items() if stands]


def _is_plain(text: str) -> bool:
    """No control characters and no marks that turn the direction of writing; a rare character is welcome."""
    return not any(category(char) in ("Cc", "Cf", "Zl", "Zp") for char in text)


# In this order: a browser names those it descends from after itself.
_BROWSERS = {"MicroMessenger": "微信", "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome",
             "Safari": "Safari"}  # fmt: skip
_SYSTEMS = {"HarmonyOS": "HarmonyOS", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
            "Mac OS X": "macOS", "Linux": "Linux"}  # fmt: skip


def device(user_agent: str) -> str:
    """`Chrome · Windows` from what a browser says of itself; empty when it says nothing known."""
    words = (next((word for sign, word in table.items() if sign in user_agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(word for word in words if word)
