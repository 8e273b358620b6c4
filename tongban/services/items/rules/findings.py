"""What keeps a definition from being published: consistency rules of the national exchange library and of 国办."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tongban.foundation.kernel.identifiers import uscc_fault

from .codes import disagreements
from .depth import is_fully_online
from .vague import offending_words

Definition = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, str]]

PERMIT = "01"
INSTANT, PROMISED = "1", "2"
WORKING_DAYS = "1"
LONGEST_HOLIDAY = 9  # days in a row without work: 春节 with the weekends around it
LICENCE, APPROVAL = "10", "20"
FROM_GOVERNMENT = "20"
OPTIONAL, TOLERATED = "2", "3"
COUNTER, EXPRESS = "1", "4"
BY_LICENCE = "1"  # 免提交方式: 电子证照
PERSON_SERVED = "1"
ENTRUSTED = "3"
LANDLINE = re.compile(r"(?:0\d{2,3}-\d{7,8}(?:-\d{1,4})?|0\d{2,3}-12345|1[3-9]\d{9})")
ONE_STOP = "国办发〔2018〕45号"
PAPERLESS = "国发〔2022〕5号"
GUIDE_RULES = "GB/T 39554.2—2020"
LICENSING_LAW = "行政许可法"
LIMIT_LAW = f"{LICENSING_LAW}第四十二条；{GUIDE_RULES}"


@dataclass(frozen=True)
class Finding:
    """One thing wrong: a stable `code`, where (`path`, such as `materials.floor_plan.name`), which law or rule says so,
    the words that offend, and what its sentence needs to be told."""

    code: str
    path: str
    ground: str
    words: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


def findings_in(definition: Definition, tables: Tables, *, uscc: str = "") -> list[Finding]:
    """Everything wrong with a definition of the right shape. `uscc` is the department's code; empty: not checked."""
    found = [finding for rule in RULES for finding in rule(definition)]
    found += _unknown_codes(definition, tables)
    found += _codes_agree(definition, uscc)
    return found


def _limits(item: Definition) -> Iterator[Finding]:
    statutory, promise = item["statutory"], item["promise"]
    if statutory is None:
        if item["project_type"] != INSTANT:
            yield Finding("statutory_missing", "statutory", LIMIT_LAW)
    elif not certainly_within(promise, statutory):
        days = {"promise": promise["days"], "statutory": statutory["days"]}
        yield Finding("promise_longer", "promise.days", LIMIT_LAW, values=days)
    for path, special in _special_promises(item):
        if statutory is not None and not certainly_within(special, statutory):
            days = {"promise": special["days"], "statutory": statutory["days"]}
            yield Finding("promise_longer", path, LIMIT_LAW, values=days)


def _special_promises(item: Definition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Limits promised for one answer of the situation tree."""
    for question in questions_of(item["situations"]):
        for option in question["options"]:
            if option.get("promise"):
                yield f"situations.{question['key']}.{option['value']}.promise", option["promise"]


def certainly_within(promise: Mapping[str, Any], statutory: Mapping[str, Any]) -> bool:
    """Whether the promised limit can never end after the statutory one, weekends and the longest holiday counted."""
    days = promise["days"]
    if promise["unit"] == WORKING_DAYS != statutory["unit"]:
        days = days + 2 * -(-days // 5) + LONGEST_HOLIDAY
    return days <= statutory["days"]


def _speed(item: Definition) -> Iterator[Finding]:
    promise = item["promise"]
    if item["project_type"] != INSTANT:
        if item["review_type"] != "前审后批":
            yield Finding("promised_review_type", "review_type", GUIDE_RULES)
        return
    if promise["days"] > 1 or promise["unit"] != WORKING_DAYS:
        yield Finding("instant_too_slow", "promise", GUIDE_RULES, values={"days": promise["days"]})
    if item["review_type"] != "即审即办":
        yield Finding("instant_review_type", "review_type", GUIDE_RULES)


def _results(item: Definition) -> Iterator[Finding]:
    for place, result in enumerate(item["results"]):
        name, path = result["name"], f"results.{place}"
        is_licence = (name.endswith("证") and not name.endswith(("凭证", "证明"))) or "证书" in name
        if is_licence and result["type"] != LICENCE:
            yield Finding("result_is_licence", f"{path}.type", GUIDE_RULES, (name,))
        if name.endswith(("批复", "批文")) and result["type"] != APPROVAL:
            yield Finding("result_is_approval", f"{path}.type", GUIDE_RULES, (name,))
        if not result["sample"]:
            yield Finding("result_without_sample", f"{path}.sample", GUIDE_RULES, (name,))


def _presence(item: Definition) -> Iterator[Finding]:
    online = bool({"2", "4", "5"} & set(item["online_depth"]))
    if item["visits"] > 0 and not item["visits_explain"].strip():
        yield Finding("visits_unexplained", "visits_explain", "国发〔2018〕27号", values={"visits": item["visits"]})
    if item["visits"] == 0 and not online and EXPRESS not in item["handle_type"]:
        yield Finding("no_visit_but_no_way", "handle_type", GUIDE_RULES)
    if item["visits"] > 0 and is_fully_online(item):
        yield Finding("online_but_visits", "visits", GUIDE_RULES)


def _fees(item: Definition) -> Iterator[Finding]:
    for fee in item["fees"]:
        if not fee["basis"].strip() or not fee["standard"].strip():
            yield Finding("fee_without_ground", f"fees.{fee['key']}", f"{LICENSING_LAW}第五十八条", (fee["name"],))
    if not item["fees"] and item["pay_online"]:
        yield Finding("free_but_pay_online", "pay_online", GUIDE_RULES)


def _phones(item: Definition) -> Iterator[Finding]:
    if item["consult_phone"] == item["complaint_phone"]:
        yield Finding("phones_equal", "complaint_phone", GUIDE_RULES, (item["consult_phone"],))
    for name in ("consult_phone", "complaint_phone"):
        if not LANDLINE.fullmatch(item[name]):
            yield Finding("phone_without_area", name, GUIDE_RULES, (item[name],))


def _topics(item: Definition) -> Iterator[Finding]:
    served, topics = set(item["server_type"]), item["topics"]
    ground = "国办函〔2016〕108号"
    if topics.get("person") and PERSON_SERVED not in served:
        yield Finding("person_topic_unserved", "topics.person", ground, tuple(topics["person"]))
    if topics.get("company") and not served - {PERSON_SERVED}:
        yield Finding("company_topic_unserved", "topics.company", ground, tuple(topics["company"]))
    if PERSON_SERVED in served and not topics.get("person"):
        yield Finding("person_topic_missing", "topics.person", ground)
    if served - {PERSON_SERVED} and not topics.get("company"):
        yield Finding("company_topic_missing", "topics.company", ground)
    if ("person" in item["applicants"] and PERSON_SERVED not in served) or (
        "company" in item["applicants"] and not served - {PERSON_SERVED}
    ):
        yield Finding("applicants_unserved", "applicants", GUIDE_RULES)


def _permits(item: Definition) -> Iterator[Finding]:
    if item["task_type"] != PERMIT:
        return
    if not item["questions"]:
        yield Finding("permit_without_faq", "questions", GUIDE_RULES)
    kinds = {stage["kind"] for stage in item["flow"]["stages"]}
    # 受理 is the flow's own first step; 即办 joins the rest into one act at the desk.
    lacking = {"review", "decide", "deliver"} - kinds
    if lacking and "instant" not in kinds:
        yield Finding(
            "permit_steps_missing",
            "flow.stages",
            f"{GUIDE_RULES}；{LICENSING_LAW}第三十四、四十四条",
            tuple(sorted(lacking)),
        )


VAGUE_PLACES = ("name", "standard", "fill_explain", "remark")


def _vague(item: Definition) -> Iterator[Finding]:
    for material in item["materials"]:
        for part in VAGUE_PLACES:
            if words := offending_words(material[part]):
                yield Finding("vague_clause", f"materials.{material['key']}.{part}", ONE_STOP, tuple(words))
    for place, condition in enumerate(item["accept_conditions"]):
        phrases = [word for word in offending_words(condition) if not word.startswith("等")]
        if phrases:
            yield Finding("vague_clause", f"accept_conditions.{place}", ONE_STOP, tuple(phrases))


def _laws(item: Definition) -> Iterator[Finding]:
    if not item["by_law"]:
        yield Finding("no_basis", "by_law", f"{LICENSING_LAW}第十四至十七条")
    for place, law in enumerate(item["by_law"]):
        if not law["text"].strip():
            yield Finding("basis_without_text", f"by_law.{place}.text", GUIDE_RULES, (law["law"],))


def _materials(item: Definition) -> Iterator[Finding]:
    for kind in ("name", "key"):
        for word, times in Counter(material[kind] for material in item["materials"]).items():
            if times > 1:
                yield Finding("material_repeated", "materials", GUIDE_RULES, (word,))
    for material in item["materials"]:
        for code, part, ground in _faults_of(material):
            yield Finding(code, f"materials.{material['key']}.{part}", ground, (material["name"],))


def _faults_of(material: Definition) -> Iterator[tuple[str, str, str]]:
    from_government = material["source"] == FROM_GOVERNMENT
    if from_government and not material["issuing_dept"].strip():
        yield "issuer_missing", "issuing_dept", PAPERLESS
    if from_government and not material["waive"] and not material["remark"].strip():
        yield "waive_missing", "waive", PAPERLESS
    if material.get("licence_types") and BY_LICENCE not in material["waive"]:
        yield "licence_without_waiver", "waive", PAPERLESS
    if material["need"] == OPTIONAL and not (material["when"] or material["handle_case"]):
        yield "optional_without_case", "when", GUIDE_RULES
    if material["need"] == TOLERATED and material["main"]:
        yield "main_material_tolerated", "need", PAPERLESS
    if material["need"] == TOLERATED and not material["tolerance"]:
        yield "tolerance_without_days", "tolerance", PAPERLESS


def _body(item: Definition) -> Iterator[Finding]:
    if item["dept_type"] == ENTRUSTED and not item["entrust_name"].strip():
        yield Finding("entruster_missing", "entrust_name", f"{LICENSING_LAW}第二十四条")


def _situations(item: Definition) -> Iterator[Finding]:
    """Answers are found by key, so a key may stand once on any way through the tree; in the whole tree, for simplicity."""
    keys = Counter(question["key"] for question in questions_of(item["situations"]))
    for key, times in keys.items():
        if times > 1:
            yield Finding("situation_repeated", "situations", "", (key,))
    for question in questions_of(item["situations"]):
        values = Counter(option["value"] for option in question["options"])
        for value, times in values.items():
            if times > 1:
                yield Finding("option_repeated", f"situations.{question['key']}", "", (value,))


def questions_of(tree: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every question of a situation tree, the ones that follow an answer included."""
    for question in tree:
        yield question
        for option in question["options"]:
            yield from questions_of(option.get("then", []))


def conditions_of(item: Definition) -> Iterator[tuple[str, str]]:
    """Every expression outside the form: (path, expression)."""
    for name in ("materials", "fees"):
        for row in item[name]:
            if row["when"]:
                yield f"{name}.{row['key']}.when", row["when"]
    for stage in item["flow"]["stages"]:
        if stage.get("when"):
            yield f"flow.stages.{stage['key']}.when", stage["when"]
        for number, part in enumerate(stage["parts"]):
            if part.get("when"):
                yield f"flow.stages.{stage['key']}.parts.{number}.when", part["when"]


def licence_types_of(item: Definition) -> Iterator[tuple[str, str]]:
    """Every licence type an item names, as what may stand for a material or as what it leads to: (path, code)."""
    for material in item["materials"]:
        for code in material.get("licence_types") or ():
            yield f"materials.{material['key']}.licence_types", code
    for place, result in enumerate(item["results"]):
        if result.get("licence_type"):
            yield f"results.{place}.licence_type", result["licence_type"]


RULES: tuple[Callable[[Definition], Iterator[Finding]], ...] = (
    _limits,
    _speed,
    _results,
    _presence,
    _fees,
    _phones,
    _topics,
    _permits,
    _vague,
    _laws,
    _materials,
    _body,
    _situations,
)

# Which code table each element of the definition is drawn from.
CODED = {
    "task_type": "task_type",
    "use_level": "use_level",
    "power_source": "power_source",
    "dept_type": "dept_type",
    "server_type": "server_type",
    "project_type": "project_type",
    "handle_type": "handle_type",
    "handle_area": "handle_area",
    "online_depth": "online_depth",
}
CODED_MATERIAL = {
    "type": "material_type",
    "format": "material_format",
    "need": "is_need",
    "source": "source_type",
    "waive": "waive_mode",
}
CODED_ROWS = {
    "materials": CODED_MATERIAL,
    "results": {"type": "result_type"},
    "special_procedures": {"type": "special_type"},
}


def coded(item: Definition) -> Iterator[tuple[str, str, Any]]:
    """Everything in a definition that is drawn from a code table: where, which table, the code or codes."""
    for name, table in CODED.items():
        yield name, table, item[name]
    for material in item["materials"]:
        for name, table in CODED_MATERIAL.items():
            yield f"materials.{material['key']}.{name}", table, material[name]
    for place, result in enumerate(item["results"]):
        yield f"results.{place}.type", "result_type", result["type"]
    for special in item["special_procedures"]:
        yield f"special_procedures.{special['key']}.type", "special_type", special["type"]
    for name, table in (("person", "user_topic_type"), ("company", "corp_topic_type")):
        yield f"topics.{name}", table, item["topics"].get(name, [])
    yield "promise.unit", "limit_unit", item["promise"]["unit"]


def _unknown_codes(item: Definition, tables: Tables) -> Iterator[Finding]:
    for path, table, value in coded(item):
        known = tables[table]
        for code in value if isinstance(value, list) else [value]:
            # Topics are written by name, everything else by code.
            if code not in known and code not in known.values():
                yield Finding("code_unknown", path, GUIDE_RULES, (code,), {"table": table})


def _codes_agree(item: Definition, uscc: str) -> Iterator[Finding]:
    ground = "GB/T 39554.1—2020；GB 32100—2015"
    if item["catalog_code"][2:4] != item["task_type"]:
        yield Finding("catalog_type_differs", "catalog_code", ground, (item["catalog_code"][2:4], item["task_type"]))
    if uscc and uscc_fault(uscc):
        yield Finding("department_code_invalid", "department", ground, (uscc,))
    if item["task_code"] and uscc:
        for part in disagreements(
            item["task_code"], uscc=uscc, use_level=item["use_level"], task_type=item["task_type"]
        ):
            yield Finding("task_code_differs", "task_code", ground, (item["task_code"],), {"part": part})
