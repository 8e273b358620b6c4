"""The demo city's licence types, what its items say of them, and the licences its people hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tongban.demo import gathering
from tongban.demo.identities import identities
from tongban.demo.licences import DEFINITIONS, HELD, definition_of, load
from tongban.foundation.identity.actions import load_people
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.organisations.queries import department_by_name
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.licences.models import Batch, Licence, LicenceType, Scene
from tongban.services.licences.rules.types import type_faults

ITEMS = {
    path.stem: yaml.safe_load(path.read_text())
    for path in sorted((Path(__file__).parents[1] / "definitions" / "items").glob("*.yaml"))
}
TYPES = {path.stem: definition_of(path.stem) for path in sorted(DEFINITIONS.glob("*.yaml"))}
BY_CODE = {content["code"]: content for content in TYPES.values()}


@pytest.mark.parametrize("name", TYPES)
def test_each_type_is_sound_and_a_sample(name: str) -> None:
    assert type_faults(TYPES[name]) == []
    assert TYPES[name]["sample"] is True
    assert set(TYPES[name]["items"]) <= set(ITEMS)


def test_codes_are_not_given_twice() -> None:
    assert len(BY_CODE) == len(TYPES) >= 12


def fields_of(item: dict[str, Any]) -> set[str]:
    return {field["key"] for group in item["form"]["groups"] for field in group["fields"]}


@pytest.mark.parametrize("code", [code for code, item in ITEMS.items() if item["results"]])
def test_what_an_item_leads_to_is_a_type_that_its_department_issues(code: str) -> None:
    item = ITEMS[code]
    for result in item["results"]:
        if "licence_type" not in result:
            continue
        content = BY_CODE[result["licence_type"]]
        assert item["department"] in content["issuers"]
        assert code in content["items"]
        wanted = {field["key"] for field in content["fields"]}
        assert set(result["licence_fields"]) <= wanted
        assert set(result["licence_fields"].values()) <= fields_of(item)
        assert {field["key"] for field in content["fields"] if field.get("required")} <= set(result["licence_fields"])
        assert set(item["applicants"]) <= set(content["holders"])


@pytest.mark.parametrize("code", ITEMS)
def test_a_material_that_a_licence_may_stand_for_is_waived_by_licence(code: str) -> None:
    for material in ITEMS[code]["materials"]:
        if material.get("licence_types"):
            assert set(material["licence_types"]) <= set(BY_CODE)
            assert "1" in material["waive"]


def _old_lists_and_scenes() -> None:
    """One list is confirmed, one waits with rows to put right; one scene is open, one waits."""
    for name in ("区卫健局", "区市监局", "区行政审批局"):
        for role in ("item_manager", "approver"):
            officer(role, department=department_by_name(name))
    officer("security_admin")
    assert gathering.load() == "历史证照一批7张已签发、一批8行等核对，2 个共享应用场景"
    assert gathering.load() == "历史证照原来就有，没有再加，2 个共享应用场景"
    waiting, done = Batch.objects.order_by("-id")
    assert (done.state, waiting.state) == ("confirmed", "done")
    assert dict(Counter(waiting.rows.values_list("state", flat=True))) == {
        "kept": 3,
        "flagged": 1,
        "held": 3,
        "same": 1,
    }
    assert set(done.rows.values_list("licence__state", flat=True)) == {"valid", "suspended", "cancelled", "expired"}
    assert set(Scene.objects.values_list("state", flat=True)) == {"open", "settled"}


@pytest.mark.django_db
def test_the_demo_city_gives_its_licences_once() -> None:
    for name in sorted({name for content in TYPES.values() for name in content["issuers"]}):
        make_department(name)
    load_people(**identities())
    said = load()
    assert "未能签发" not in said
    assert LicenceType.objects.count() == len(TYPES)
    assert Licence.objects.count() == len(HELD)
    load()
    assert Licence.objects.count() == len(HELD)
    _old_lists_and_scenes()
    assert Licence.objects.filter(state="suspended", source="staff").count() == 1
