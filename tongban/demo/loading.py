"""The demo city 广安区, room by room in the order they need each other; every step may run again and adds what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.queries import facts_about
from tongban.foundation.clocks.actions import import_calendar
from tongban.foundation.identity.actions import load_people
from tongban.foundation.kernel.actors import installer
from tongban.foundation.letters.actions import load_templates as load_letter_templates
from tongban.foundation.notifications.actions import load_templates as load_message_templates
from tongban.foundation.organisations.actions import load_city
from tongban.services.forms.actions import share_part
from tongban.services.items.actions import (
    basic_rows_of_definitions,
    basic_rows_of_listed,
    import_basic,
    import_listed,
    load_code_tables,
    load_definition,
    load_synonyms,
)
from tongban.services.items.errors import ItemNotFound, ItemRefused
from tongban.services.items.queries import department_of

from .addresses import load as load_addresses
from .catalogue import load as load_catalogue
from .certificates import load as load_certificates
from .gathering import load as load_gathering
from .identities import identities
from .licences import load as load_licences
from .life import live
from .places import load as load_places
from .quality import load as load_quality
from .registers import follow_licences
from .registers import load as load_base_registers
from .registries import load as load_registers
from .rules import deliver_credit
from .rules import load as load_decisions
from .seals import load as load_seals
from .standards import load as load_standards

DEFINITIONS = Path(__file__).parent / "definitions" / "items"
EARLIER = Path(__file__).parent / "definitions" / "earlier.yaml"
LIBRARY = Path(__file__).parent / "definitions" / "library.yaml"
LOADED = "demo.loaded"


@dataclass(frozen=True)
class Step:
    """One room's part: what it is called, and what makes it and says what it made."""

    title: str
    load: Callable[[], str]
    needs: str = ""  # a file or folder of the real data sets, without which the step makes less


def _offices() -> str:
    made = load_city(settings.DATA_FOLDER)
    return f"{made['divisions']} 个行政区划，{made['departments']} 个部门，{made['halls']} 个大厅"


def _calendar() -> str:
    import_calendar(settings.DATA_FOLDER / "holidays", actor=installer())
    return "国务院节假日安排"


def _people() -> str:
    accounts = len(load_people(**identities()))
    return f"{accounts} 个账号，地址簿 {load_addresses()} 个地址"


def _registers() -> str:
    made = load_registers()
    marked = deliver_credit()
    return f"{made['persons']} 个虚构的人，{made['companies']} 家虚构的单位，{marked} 个有信用记录"


def _letters() -> str:
    load_letter_templates()
    load_message_templates()
    return "文书与通知模板"


def _certificates() -> str:
    return f"{load_certificates()} 张证书"


def _seals() -> str:
    return f"{load_seals()} 个部门的电子印章（示例）"


def is_known(code: str) -> bool:
    try:
        return bool(department_of(code))
    except ItemNotFound:
        return False


def definitions_of(file: Path) -> list[str | dict[str, Any]]:
    """An item's text; where another stood before, that one first (unless the item is known already) and then its successor."""
    change = yaml.safe_load(EARLIER.read_text()).get(file.stem)
    if change is None:
        return [file.read_text()]
    text = json.loads(json.dumps(yaml.safe_load(file.read_text()), default=str))  # days as text
    present = text | {"version": text["version"] + 1, "effective_on": str(change["until"])}
    return [present] if is_known(file.stem) else [text | change["was"], present]


def _items() -> str:
    actor = installer("items.manage")
    load_code_tables(actor)
    load_synonyms(actor)
    files = sorted(DEFINITIONS.glob("*.yaml"))
    refused = []
    for file in files:
        try:
            for definition in definitions_of(file):
                load_definition(actor, definition, as_new_version=True)
        except ItemRefused as refusal:
            refused.append(f"{file.stem}（{'；'.join(str(reason.text) for reason in refusal.reasons[:2])}）")
    left_out = f"，未能发布：{'、'.join(refused)}" if refused else ""
    return f"{len(files) - len(refused)} 个事项的实施清单{left_out}"


def _library() -> str:
    """Groups and fields that forms share."""
    parts = yaml.safe_load(LIBRARY.read_text())
    for part in parts:
        share_part(actor=installer("items.manage"), **part)
    return f"{len(parts)} 个公共分组和字段"


def _rules() -> str:
    return f"{load_decisions()} 个事项的智能审批规则"


def _listed() -> str:
    """The district's published list: rows as they are, flagged; none without the real data."""
    path = settings.DATA_FOLDER / "service-items" / "guangan-511602-items.csv"
    if not path.exists():
        return "没有公布清单"
    return f"{sum(import_listed(installer('items.manage'), path).values())} 行公布清单"


def _basic() -> str:
    """The basic list: what the sample definitions name of the national one, and all the district's list lets one know."""
    actor = installer("items.manage")
    made = import_basic(actor=actor, rows=basic_rows_of_definitions(), source="national")
    for count, lines in import_basic(actor=actor, rows=basic_rows_of_listed(), source="district").items():
        made[count] += lines
    return f"{made['new'] + made['changed'] + made['same']} 行目录清单"


def _life() -> str:
    count, hindered = live()
    return f"{count} 个办件" + (f"，未能办理：{'、'.join(hindered)}" if hindered else "")


STEPS = [
    Step("机构 offices", _offices, needs="divisions"),
    Step("日历 calendar", _calendar, needs="holidays"),
    Step("人员 people", _people),
    Step("登记库 registers", _registers),
    Step("模板 templates", _letters),
    Step("证书 certificates", _certificates),
    Step("印章 seals", _seals),
    Step("证照 licences", load_licences),
    Step("汇聚 gathering", load_gathering),
    Step("事项 items", _items),
    Step("规则 rules", _rules),
    Step("表单库 library", _library),
    Step("清单 list", _listed, needs="service-items"),
    Step("目录 basic list", _basic),
    Step("数据目录 catalogue", load_catalogue),
    Step("数据标准 standards", load_standards),
    Step("行政区划 divisions", load_places),
    Step("基础库 base registers", load_base_registers),
    Step("数据质量 data quality", load_quality),
    Step("办件 cases", _life),
    Step("证照入库 licences into the lake", follow_licences),
]


def is_loaded() -> bool:
    return any(fact.name == LOADED for fact in facts_about(installer("audit.see"), "demo:city"))


def missing_data() -> list[str]:
    """Which of the real data sets do not lie beside this checkout."""
    return [step.needs for step in STEPS if step.needs and not (settings.DATA_FOLDER / step.needs).exists()]


def load() -> Iterator[tuple[str, str]]:
    """Load everything; after each step its title and what it made."""
    for step in STEPS:
        yield step.title, step.load()
    if not is_loaded():
        record(LOADED, actor=installer(), subject="demo:city", data={"without": missing_data()})
