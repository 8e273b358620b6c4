"""Loading definitions of service items from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.listing import listed
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.forms.queries import faults_of_expression, faults_of_form, situations
from tongban.services.forms.queries import sentence as fault_sentence
from tongban.services.items.errors import FINDINGS, ItemRefused
from tongban.services.items.models import ItemVersion, ServiceItem
from tongban.services.items.queries import code_tables
from tongban.services.items.rules.codes import compose_task_code
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.findings import PAPERLESS, Finding, conditions_of, findings_in, licence_types_of
from tongban.services.items.rules.shape import Unreadable, misshapen, read
from tongban.services.licences.queries import types_in_force

from .changed import touch
from .listed import link_item
from .story import Kind, keep

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def check_definition(definition: str | dict[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The completed content (empty when it has no proper shape) and everything wrong with it. Changes nothing."""
    try:
        raw = read(definition) if isinstance(definition, str) else definition
    except Unreadable as fault:
        return {}, [Finding("unreadable", "", "", values={"line": fault.line, "problem": fault.problem})]
    if isinstance(raw, dict):
        raw = {key: value for key, value in raw.items() if key != "dept_code"}  # follows from the department
    if faults := misshapen(raw):
        return {}, [Finding(kind if kind in FINDINGS else "shape", path, "", (word,)) for path, kind, word in faults]
    content = complete(raw)
    department = department_by_name(content["department"])
    unknown = [] if department else [Finding("department_unknown", "department", "", (content["department"],))]
    uscc = department.code if department else ""
    found = unknown + findings_in(content, code_tables(), uscc=uscc) + _form_findings(content)
    found += _licence_findings(content)
    if not found and not content["task_code"]:
        content["task_code"] = compose_task_code(uscc, content["use_level"], content["catalog_code"])
    content["dept_code"] = uscc
    return content, found


def _form_findings(content: dict[str, Any]) -> list[Finding]:
    """What the forms room says of the form, and of every condition that asks about the situation or the form's answers."""
    faults = list(faults_of_form(content["form"]))
    if not faults:
        keys = {field["key"] for group in content["form"]["groups"] for field in group["fields"]}
        for path, expression in conditions_of(content):
            faults += faults_of_expression(expression, path, keys)
    found = [
        Finding(
            "form_fault",
            fault.path if fault.path.startswith(("materials", "fees", "flow")) else f"form.{fault.path}",
            "",
            values={"text": fault_sentence(fault)},
        )
        for fault in faults
    ]
    return found if faults else _tree_findings(content)


def _licence_findings(content: dict[str, Any]) -> list[Finding]:
    """Licence types that an item names and that do not hold; where no types are kept at all, nobody can tell."""
    named = list(licence_types_of(content))
    known = {one.code for one in types_in_force()} if named else set()
    if not known:
        return []
    return [Finding("licence_type_unknown", path, PAPERLESS, (code,)) for path, code in named if code not in known]


def _tree_findings(content: dict[str, Any]) -> list[Finding]:
    """What no citizen could ever meet, and answers that are asked for and do not exist. Mere advice hinders nobody."""
    return [
        Finding("form_fault", remark.path, remark.ground, values={"text": fault_sentence(remark)})
        for remark in situations.remarks_on(situations.Survey(content))
        if not remark.is_advice
    ]


def reasons(findings: list[Finding]) -> list[Reason]:
    """Each finding as a sentence beside the element it is about, with the rule it rests on."""
    return [Reason(f.code, sentence(f), f.path) for f in findings]


def sentence(finding: Finding) -> str:
    """The finding in words, with its ground in brackets."""
    words = listed(finding.words)
    text = str(FINDINGS[finding.code]) % ({"words": words, "word": words} | dict(finding.values))
    return f"{text}（{finding.ground}）" if finding.ground else text


@transaction.atomic
def load_definition(actor: Actor, definition: str | dict[str, Any], *, as_new_version: bool = False) -> ItemVersion:
    """Check a definition and publish it, on the authority of whoever runs the installation (actor of kind `system`).

    Loading the same again changes nothing. A published version whose text differs is refused, unless `as_new_version`:
    then it becomes the next version, from today. Officials use `draft_version` … `publish_version`: two people.
    """
    permit(actor, "items.manage")
    content, findings = check_definition(definition)
    if findings:
        raise ItemRefused(reasons=reasons(findings))
    item = _item_for(content)
    newest = item.versions.order_by("-version").first()
    digest = sm3(canonical(content))
    if newest is not None and newest.digest == digest and newest.status == ItemVersion.Status.PUBLISHED:
        return newest
    number, effective_on = content["version"], content["effective_on"]
    if newest is not None and number <= newest.version:
        if same := _already_loaded(item, digest, number=number):
            return same
        if not as_new_version:
            raise ItemRefused(
                reasons=reasons([Finding("version_published", "version", "", values={"version": number})])
            )
        number, effective_on = newest.version + 1, today().isoformat()
    version = ItemVersion.objects.create(
        item=item,
        version=number,
        status=ItemVersion.Status.PUBLISHED,
        effective_on=effective_on,
        published_at=now(),
        content=content,
        digest=digest,
    )
    link_item(item, content["task_name"])
    touch()
    version = find_fresh(version)
    said = {"digest": digest, "effective_on": str(effective_on), "by": "loader"}
    keep(Kind.PUBLISHED, actor=actor, item=item, version=version, from_on=version.effective_on, fact=said)
    return version


def find_fresh(version: ItemVersion) -> ItemVersion:
    """The row as the database has it: dates as dates."""
    version.refresh_from_db()
    return version


def _already_loaded(item: ServiceItem, digest: str, *, number: int) -> ItemVersion | None:
    """An older version, if the very same text was loaded as that version before."""
    return item.versions.filter(version=number, digest=digest, status=ItemVersion.Status.PUBLISHED).first()


def _item_for(content: dict[str, Any]) -> ServiceItem:
    """The item the content is about, made when it is new, locked; its department and code follow the newest text."""
    department = department_by_name(content["department"])
    assert department is not None
    facts = {"department": department, "division_id": department.division_id, "task_code": content["task_code"]}
    item = ServiceItem.objects.select_for_update().filter(code=content["code"]).first()
    if item is None:
        return ServiceItem.objects.create(code=content["code"], **facts)
    for name, value in facts.items():
        setattr(item, name, value)
    item.save(update_fields=["department", "division", "task_code"])
    return item
