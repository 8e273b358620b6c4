"""What becomes of one row of a file: a new item, a changed one, nothing, or nothing that can be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.drafting.queries import drafts_of
from tongban.foundation.kernel.actors import Actor, may
from tongban.foundation.kernel.clock import today
from tongban.foundation.organisations.queries import department, departments_of
from tongban.services.items.models import ImportRow, ItemVersion, ServiceItem
from tongban.services.items.queries import office_of
from tongban.services.items.queries.element_words import label_of
from tongban.services.items.rules.basic import beginning, slug
from tongban.services.items.rules.codes import is_slug
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.differences import differences
from tongban.services.items.rules.exchange import Read
from tongban.services.items.rules.findings import Finding
from tongban.services.items.rules.listed import name_key

from .codes import clashes
from .definitions import check_definition

if TYPE_CHECKING:
    from tongban.foundation.organisations.models import Department

Outcome = ImportRow.Outcome
UNFINISHED = {"required", "minLength", "minItems"}  # what a draft may still lack
MISSHAPEN = {"type", "enum", "pattern", "maxLength", "uniqueItems", "additionalProperties", "shape"}
MOST_DRAFTS = 100_000


class Judge:
    """Looks at the rows of one file for one actor, with what the catalogue holds read once."""

    def __init__(self, actor: Actor, reads: list[Read]) -> None:
        self.actor = actor
        self.own = department(actor.department_id) if actor.department_id else None
        self.offices = {name: office for office in departments_of() for name in (office.short_name, office.name)}
        self.items = {item.code: item for item in ServiceItem.objects.select_related("department")}
        self.texts = _newest_texts()
        self.by_name = self._by_name()
        open_drafts = drafts_of(actor, "item", verb="items.manage", size=MOST_DRAFTS)
        self.drafted = {draft.key for draft in open_drafts if draft.state in ("open", "in_review")}
        self.taken = self.drafted | set(self.items)
        self.places: dict[str, list[str]] = defaultdict(list)
        for read in reads:
            if code := str(read.content.get("code", "")):
                self.places[code].append(read.place)

    def _by_name(self) -> dict[tuple[UUID, str], ServiceItem]:
        named = {}
        for item in self.items.values():
            if version := self.texts.get(item.pk):
                named[item.department_id, name_key(version.content.get("task_name", ""))] = item
        return named

    def row(self, read: Read, position: int) -> ImportRow:
        """The row with its outcome and every remark, not yet saved."""
        remarks = [asdict(problem) for problem in read.problems]
        content, base = dict(read.content), None
        if not remarks or content:
            content, base = self._complete(read, remarks)
        stopped = any(remark["stop"] for remark in remarks)
        changes = len(differences(base.content, content)) if base and not stopped else 0
        if stopped:
            outcome = Outcome.REFUSED
        elif base is None:
            outcome = Outcome.NEW
        else:
            outcome = Outcome.CHANGED if changes else Outcome.SAME
        return ImportRow(
            position=position,
            place=read.place[:100],
            code=str(content.get("code", ""))[:60],
            name=str(content.get("task_name", ""))[:300],
            outcome=outcome,
            changes=changes,
            remarks=remarks,
            content={} if stopped else content,
            base=base.pk if base else None,
        )

    def _complete(self, read: Read, remarks: list[dict[str, Any]]) -> tuple[dict[str, Any], ItemVersion | None]:
        """The definition the row stands for, with what is wrong with it added to `remarks`."""
        say = _Speaker(read, remarks)
        if not read.name:
            say("name_missing", "task_name")
        office = self._office(read, say)
        item = self._item(read, office, say)
        base = self.texts.get(item.pk) if item else None
        content = self._text(read, office, item, base)
        clashing = self._codes(read, content, item, say)
        self._findings(read, content, say, clashing)
        return content, base

    def _office(self, read: Read, say: _Speaker) -> Department | None:
        named = str(read.content.get("department", ""))
        if not named and self.own:
            say("department_assumed", "department", stop=False)
        office = self.offices.get(named) if named else self.own
        if office is None:
            say("department_unknown", "department", named)
        elif not may(self.actor, "items.manage", department_id=office.pk, division=office.division_id):
            say("not_yours", "department", named)
        return office

    def _item(self, read: Read, office: Department | None, say: _Speaker) -> ServiceItem | None:
        """The item the row is about: by its code, else (in a file that has only the template) by its name."""
        code = str(read.content.get("code", ""))
        item = self.items.get(code)
        if item is None and not read.whole and office is not None:
            item = self.by_name.get((office.pk, name_key(read.name)))
        if item is None:
            return None
        if item.status_on(today()) == ServiceItem.Status.CANCELLED:
            say("item_cancelled", "code", item.code)
        if item.code in self.drafted:
            say("draft_under_way", "code")
        return item

    def _text(
        self, read: Read, office: Department | None, item: ServiceItem | None, base: ItemVersion | None
    ) -> dict[str, Any]:
        given = {name: value for name, value in read.content.items() if name != "told"}
        if office is not None:
            given["department"] = office.short_name
        if read.whole:
            content = given
        elif base is not None:
            content = {**base.content, **given}
        else:
            known = {name: given.get(name, "") for name in ("catalog_code", "task_type")}
            start = (
                beginning(name=read.name, code="", office=office_of(office), today=today(), **known) if office else {}
            )
            content = {**start, **given}
        if item is not None:
            content["code"] = item.code
        content["version"] = base.version + 1 if base else 1
        content.setdefault("effective_on", today().isoformat())
        return content

    def _codes(self, read: Read, content: dict[str, Any], item: ServiceItem | None, say: _Speaker) -> set[str]:
        """The elements whose codes are another's or no codes at all, each told."""
        written = str(content.get("code", ""))
        others = [place for place in self.places.get(written, []) if place != read.place]
        if others:
            say("code_twice", "code", "、".join(others[:3]))
        if item is None and (not written or (not read.whole and not is_slug(written))):
            if written:
                say("code_replaced", "code", written, stop=False)
            content["code"] = slug(read.name, self.taken)
        elif item is None and written in self.drafted:
            say("draft_under_way", "code")
        self.taken.add(str(content["code"]))
        found = clashes(content, item=item)
        for reason in found:
            say("clash", reason.field, str(reason.text))
        return {reason.field for reason in found}

    def _findings(self, read: Read, content: dict[str, Any], say: _Speaker, clashing: set[str]) -> None:
        """What the rules say: gaps and faults a draft may have are told; what no editor could open keeps the row out."""
        checked, findings = check_definition(content)
        if checked and checked.get("task_code") and "task_code" not in content:
            content["task_code"] = checked["task_code"]
        gaps = list(dict.fromkeys(_gap(finding) for finding in findings if finding.code in UNFINISHED))
        if gaps:
            say("gaps", "", "、".join(gaps), stop=False)
        for finding in findings:
            if finding.code in MISSHAPEN:
                if finding.path not in clashing:  # said already, and better
                    kind = "too_long" if finding.code == "maxLength" else "shape"
                    say(kind, finding.path, "、".join(finding.words), title=_title(finding.path))
            elif finding.code not in UNFINISHED and finding.code != "department_unknown":  # said already
                say.finding(finding)


class _Speaker:
    """Adds remarks to a row, each with the cell it is about."""

    def __init__(self, read: Read, remarks: list[dict[str, Any]]) -> None:
        self.read, self.remarks = read, remarks

    def __call__(self, code: str, path: str, word: str = "", *, title: str = "", stop: bool = True) -> None:
        place = self.read.place_of(path)
        self.remarks.append({"code": code, "place": place, "title": title, "word": word[:400], "stop": stop})

    def finding(self, finding: Finding) -> None:
        self.remarks.append(
            {
                "code": finding.code,
                "place": self.read.place_of(finding.path),
                "title": "",
                "word": "、".join(finding.words),
                "stop": False,
                "ground": finding.ground,
                "words": list(finding.words),
                "values": {name: str(value) for name, value in finding.values.items()},
            }
        )


def _gap(finding: Finding) -> str:
    """What a draft still lacks, by name: an element, or an element of the rows of a list (材料：材料形式)."""
    word = finding.words[0] if finding.code == "required" and finding.words else ""
    steps = [step for step in (*finding.path.split("."), word) if step and not step.isdigit()]
    if len(steps) < 2:
        return _title(steps[0]) if steps else ""
    dotted = f"{steps[0]}.{steps[-1]}"
    named = label_of(dotted)
    return f"{_title(steps[0])}：{label_of(steps[-1], steps[0]) if named == dotted else named}"


def _title(path: str) -> str:
    """What the last element of a path is called."""
    steps = [step for step in path.split(".") if not step.isdigit()]
    if steps == ["letters"]:
        steps = ["letters.abbreviation"]
    return label_of(steps[-1], steps[0] if len(steps) > 1 else "") if steps else ""


def _newest_texts() -> dict[UUID, ItemVersion]:
    """The newest published version of every item, its content completed."""
    rows = ItemVersion.objects.filter(status=ItemVersion.Status.PUBLISHED)
    newest = rows.order_by("item_id", "-effective_on", "-version").distinct("item_id")
    for version in newest:
        version.content = complete(version.content)
    return {version.item_id: version for version in newest}
