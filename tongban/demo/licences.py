"""Licence types of the demo city, and licences that its invented people and companies hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from tongban.foundation.identity.queries import company_by_uscc, person_by_id_number
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.licences import actions as licences
from tongban.services.licences.queries import has_licence, type_in_force

from .identities import identities

DEFINITIONS = Path(__file__).parent / "definitions" / "licences"
SEXES = {"1": "男", "2": "女"}


@dataclass(frozen=True)
class Held:
    """Who of `identities.yaml` holds what: since so many days, with these values beside those of the registers."""

    kind: str  # name of the definition file
    whose: str
    days: int
    values: dict[str, Any] = field(default_factory=dict)
    act: str = ""
    last: int | None = None  # days it still holds, where the type does not say


HELD = (
    Held("resident-identity-card", "lihua", 2000, last=5300),
    Held("resident-identity-card", "sunli", 1500, last=5800),
    Held("resident-identity-card", "wangxiuying", 900, last=6400),
    Held("business-licence", "teahouse", 560, {"kind": "个体工商户"}),
    Held(
        "food-business-permit", "teahouse", 540, {"projects": "自制饮品制售；预包装食品销售", "shop_sign": "清渠茶馆"}
    ),
    Held("tobacco-retail-licence", "teahouse", 1820, {"items": "卷烟、雪茄烟"}),
    Held("business-licence", "hotel", 2000, {"kind": "有限责任公司"}),
    Held("public-venue-hygiene-permit", "hotel", 900, {"venue_name": "渠江之畔酒店", "project": "住宿；游泳场所"}),
    Held("food-business-permit", "hotel", 900, {"projects": "热食类食品制售；冷食类食品制售"}),
    Held("business-licence", "barber", 730, {"kind": "个体工商户"}),
    Held(
        "public-venue-hygiene-permit", "barber", 700, {"venue_name": "丝语理发店", "project": "理发店"}, act="suspend"
    ),
    Held("business-licence", "restaurant", 270, {"kind": "个体工商户"}),
    Held("business-licence", "pharmacy", 1800, {"kind": "有限责任公司"}),
    Held("road-freight-permit", "logistics", 1100, {"scope": "普通货运"}),
    Held("elderly-card", "zhaoguoqiang", 4000),
    Held("disability-certificate", "wujun", 800, {"kind": "肢体", "degree": "三级"}),
    Held("residence-permit", "memet", 500, {"home_town": "新疆维吾尔自治区喀什市"}),
    Held("teacher-qualification", "hexin", 3000, {"subject": "美术", "grade": "初级中学教师资格"}),
    Held("teacher-qualification", "sunli", 2500, {"subject": "语文", "grade": "小学教师资格"}),
    Held("minimum-living-certificate", "wangxiuying", 200, {"members": "1", "level": "A类"}),
)


def definition_of(name: str) -> dict[str, Any]:
    content = yaml.safe_load((DEFINITIONS / f"{name}.yaml").read_text())
    assert isinstance(content, dict)
    return content


def load() -> str:
    """Publish the types and give the licences that are not there yet; what could not be given is said."""
    names = sorted(path.stem for path in DEFINITIONS.glob("*.yaml"))
    for name in names:
        licences.load_type(actor=installer("licences.design"), definition=definition_of(name))
    missing = [f"{held.kind}（{held.whose}）" for held in HELD if not _give(held)]
    left_out = f"，未能签发：{'、'.join(missing)}" if missing else ""
    return f"{len(names)} 种证照，{len(HELD) - len(missing)} 张虚构的证照{left_out}"


def _give(held: Held) -> bool:
    content = definition_of(held.kind)
    holder = _holder(held.whose)
    issuer = next((found for name in content["issuers"] if (found := department_by_name(name))), None)
    if issuer is None or holder is None:
        return False
    if has_licence(holder_index=blind_index(holder.number), type_code=content["code"]):
        return True
    actor = installer("licences.issue", "licences.manage", "licences.see")
    licence = licences.issue(
        actor=actor,
        type_code=content["code"],
        department_id=issuer.pk,
        holder=holder,
        fields={**_known(content, held.whose), **held.values},
        valid_from=today() - timedelta(days=held.days),
        valid_until=today() + timedelta(days=held.last) if held.last else None,
        basis="示例数据",
    )
    if held.act == "suspend":
        licences.suspend(
            actor=actor,
            licence_id=licence.pk,
            reason="卫生检查不合格，限期整改（示例）",
            document="广区卫监〔2026〕12号（示例）",
        )
    return type_in_force(content["code"]) is not None


def _holder(key: str) -> licences.Holder | None:
    people, companies = identities()["persons"], identities()["companies"]
    if key in people:
        person = person_by_id_number(people[key]["id_number"])
        return licences.Holder("person", people[key]["id_number"], people[key]["name"], person.pk) if person else None
    company = company_by_uscc(companies[key]["uscc"])
    return licences.Holder("company", companies[key]["uscc"], companies[key]["name"], company.pk) if company else None


def _known(content: dict[str, Any], key: str) -> dict[str, Any]:
    """What the registers would fill in, by the data element of each field."""
    person, company = identities()["persons"].get(key), identities()["companies"].get(key)
    known: dict[str, Any] = {}
    if person:
        known = {f"person.{name}": person[name] for name in ("name", "phone")}
        known |= {"person.sex": SEXES[person["sex"]], "person.birth_on": str(person["birth_on"])}
        known |= {"person.address": f"四川省广安市广安区{person['detail']}", "person.nation": "汉族"}
    if company:
        known = {"company.name": company["name"], "company.uscc": company["uscc"], "company.scope": company["scope"]}
        known |= {
            "company.legal_person": company["legal_person_name"],
            "company.registered_on": str(company["registered_on"]),
        }
        known |= {
            "company.address": f"四川省广安市广安区{company['detail']}",
            "company.capital": f"{company['capital_fen'] // 1_000_000}万元",
        }
    values = {row["key"]: known[row["element"]] for row in content["fields"] if row.get("element") in known}
    if company:  # a licence that says whose shop it is, under a name of its own
        values |= {
            row["key"]: company["name"] for row in content["fields"] if row.get("required") and row["key"] not in values
        }
        values |= {row["key"]: known["company.address"] for row in content["fields"] if row["key"] == "address"}
    return values
