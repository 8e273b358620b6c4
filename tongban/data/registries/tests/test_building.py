"""A register built from three departments that contradict each other: who wins, what is kept of the others, and when it changes."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from tongban.data.lake.tests.factories import own_lake
from tongban.data.registries import actions, gateways, queries
from tongban.data.registries.errors import (
    BuildMoved,
    RegisterRefused,
    SettledMeanwhile,
    SettlingRefused,
    SourcesMissing,
)
from tongban.data.registries.models import Build, Conflict, Earlier, Join, Pair, Record, Register, Ruling
from tongban.data.registries.tests.lake import (
    CONTENT,
    INSURANCE,
    KEEPER,
    MARKET,
    OTHER,
    POLICE,
    WHO,
    filled,
    make_register,
    office,
    pour,
    rule,
)
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def lake(tmp_path, db):
    with own_lake(tmp_path / "lake"):
        yield


def kept(key: str = WHO) -> Record:
    return Record.objects.get(register="population", key_index=blind_index(key))


def said(element: str, key: str = WHO) -> object:
    return kept(key).values[element]["value"]


def built(**terms) -> Build:
    return actions.build_now(actor=KEEPER, register="population", **terms)


def test_a_source_that_nobody_gathered_is_named(lake):
    """No rules are published over what is not there; but what is there today may not be on another machine's lake."""
    fields = {"version": 1, "status": Ruling.Status.PUBLISHED, "effective_on": today(), "content": CONTENT}
    register = Register.objects.create(
        code="population", title="人口库", personal=True, department_id=office("区公安分局").pk, made_at=now()
    )
    Ruling.objects.create(register=register, drafted_by=uuid7(), **fields)
    with pytest.raises(SourcesMissing) as refusal:
        built()
    assert [str(reason.text) for reason in refusal.value.reasons] == [
        f"“{name}”还没有归集。" for name in ("insurance", "market", "police")
    ]
    assert Build.objects.get().fault == "registries.sources_missing"


@time_machine.travel("2026-11-21T08:00:00+08:00", tick=True)
def test_each_value_has_one_source_and_the_others_are_kept_as_losers(lake):
    filled()
    run = built()
    assert (run.state, run.counts) == ("done", {"keys": 2, "added": 2, "gone": 0, "changed": 0, "conflicts": 1})
    assert said("name") == "李华"  # the police comes first
    assert said("address") == {"division": "511602001001", "detail": "翠屏路18号"}
    assert said("phone") == "13900000002"  # the newest
    assert "phone" not in kept(OTHER).values  # the only one there is cannot be a number
    record = kept()
    assert record.values["name"] == {"value": "李华", "source": "区公安分局 · 人口库", "as_of": "2026-10-01"}
    name = record.origins["name"]
    assert (name["dataset"], name["batch"], name["row"]) == ("police", 1, 1)
    assert [(one["dataset"], one["value"]) for one in name["losers"]] == [("insurance", "李花"), ("market", "李华")]
    assert record.origins["address"]["since"] == "2020-05-01"
    # A row whose number has a wrong digit is nobody's.
    assert Record.objects.count() == 2
    assert [one.element for one in Conflict.objects.all()] == ["name"]
    assert sorted(Conflict.objects.get().datasets) == ["insurance", "market", "police"]


def test_the_door_answers_as_before(lake):
    filled()
    built()
    me = people.citizen(people.make_person(id_number=WHO, name="李华"))
    found = queries.person_record(actor=me, id_number=WHO, purpose="prefill", case_no="")
    assert found is not None
    assert set(found["name"]) == {"value", "source", "as_of", "stale"}
    assert [one.pk for one in queries.found(actor=KEEPER, register="population", words="李华")] == [kept().pk]
    assert [one.pk for one in queries.found(actor=KEEPER, register="population", words=WHO.lower())] == [kept().pk]


def test_only_what_changed_is_built_again_and_what_was_stays_known(lake):
    with time_machine.travel("2026-11-01T08:00:00+08:00", tick=True):
        datasets = filled()
        built()
    with time_machine.travel("2026-11-11T08:00:00+08:00", tick=True):
        moved = (WHO, "李华", "511602002001", "金安大道6号", "2026-11-05", "2026-11-10")
        pour("police", datasets["police"], [moved, *POLICE[1:]])
        run = built()
        assert (run.whole, run.counts["keys"], run.counts["changed"]) == (False, 1, 1)
    assert Earlier.objects.count() == 1

    def address(known_on: str, day: str) -> str | None:
        told = queries.as_known(kept(), known_on=date.fromisoformat(known_on), day=date.fromisoformat(day))
        return told["address"].value["detail"] if "address" in told else None

    assert address("2026-11-11", "2026-11-06") == "金安大道6号"
    assert address("2026-11-11", "2026-11-04") == "翠屏路18号"
    assert address("2026-11-10", "2026-11-06") == "翠屏路18号"  # we did not know yet
    assert address("2026-11-10", "2019-01-01") is None
    assert address("2026-10-31", "2026-11-06") is None
    spans = queries.spans_known(kept(), known_on=date(2026, 11, 30))["address"]
    assert [(one.since, one.value["detail"]) for one in spans] == [
        (date(2020, 5, 1), "翠屏路18号"),
        (date(2026, 11, 5), "金安大道6号"),
    ]


def test_who_is_in_no_source_any_more_is_gone_and_found_again_when_he_returns(lake):
    with time_machine.travel("2026-11-01T08:00:00+08:00", tick=True):
        datasets = filled()
        built()
    with time_machine.travel("2026-11-11T08:00:00+08:00", tick=True):
        pour("police", datasets["police"], POLICE[:1])
        pour("insurance", datasets["insurance"], INSURANCE[:1])
        assert built().counts["gone"] == 1
        assert kept(OTHER).state == "gone"
        assert queries.registered("population", OTHER, today()) is None
    with time_machine.travel("2026-11-21T08:00:00+08:00", tick=True):
        pour("police", datasets["police"], POLICE)
        built()
        assert queries.registered("population", OTHER, today()) is not None

    def known(known_on: int, day: int) -> bool:
        told = queries.as_known(kept(OTHER), known_on=date(2026, 11, known_on), day=date(2026, 11, day))
        return "name" in told

    assert known(10, 12), "on the tenth nobody knew that he would go"
    assert (known(11, 10), known(11, 11), known(20, 19)) == (True, False, False)
    assert known(21, 22), "he is back"
    assert queries.gone_since(kept(OTHER), known_on=date(2026, 11, 15)) == date(2026, 11, 11)
    assert queries.gone_since(kept(OTHER), known_on=date(2026, 11, 21)) is None


def test_killed_between_parts_it_goes_on_and_nothing_is_done_twice(lake, monkeypatch):
    filled()
    run = actions.start_build(actor=KEEPER, register="population", later=False)
    Build.objects.filter(pk=run.pk).update(keys_a_part=1)
    calls = []

    def once(**terms):
        if calls:
            raise RuntimeError
        calls.append(1)
        return gateways.merge(**terms)

    with monkeypatch.context() as patch:
        patch.setattr("tongban.data.registries.actions.building.merge", once)
        with pytest.raises(RuntimeError):
            actions.build(build_id=run.pk)
    run.refresh_from_db()
    assert (run.parts_done, run.ended_at, Record.objects.count()) == (1, None, 1)
    with pytest.raises(BuildMoved):
        actions.start_build(actor=KEEPER, register="population")
    run = actions.build(build_id=run.pk)
    run = actions.build(build_id=run.pk)  # again, harmlessly
    assert (run.parts_done, run.counts["added"], Record.objects.count()) == (2, 2, 2)
    assert not Earlier.objects.exists()
    again = built(whole=True)
    assert (again.counts["keys"], again.counts["changed"], again.counts["added"]) == (2, 0, 0)


def test_a_decision_holds_until_a_source_says_something_else(lake):
    datasets = filled()
    built()
    one, choices = queries.conflict(actor=KEEPER, conflict_id=Conflict.objects.get().pk)
    wanted = [choice["value"] for choice in choices].index("李花")
    with pytest.raises(SettlingRefused) as refused:
        actions.decide_conflict(actor=KEEPER, conflict_id=one.pk, digest=one.digest, choice=9, reason="")
    assert [reason.code for reason in refused.value.reasons] == ["choice", "reason"]
    with pytest.raises(SettledMeanwhile):
        actions.decide_conflict(actor=KEEPER, conflict_id=one.pk, digest="x", choice=wanted, reason="看过身份证")
    actions.decide_conflict(actor=KEEPER, conflict_id=one.pk, digest=one.digest, choice=wanted, reason="看过身份证")
    assert said("name") == "李花"
    fact = Fact.objects.get(name="registries.conflict_decided")
    assert "李花" not in str(fact.data)
    assert built(whole=True).counts["changed"] == 0
    assert said("name") == "李花"
    # Something else of the same person changes: the decision stands.
    pour("market", datasets["market"], [("1", WHO, "李华", "13900000003", "2026-11-15"), *MARKET[1:]])
    built()
    assert (said("name"), said("phone")) == ("李花", "13900000003")
    assert queries.origin_of(actor=KEEPER, register="population", key=WHO, element="name")["decided"] is True
    # A source takes another name: whoever decided did not know.
    pour("insurance", datasets["insurance"], [("1", WHO, "李骅", "13900000001", "2026-11-01"), *INSURANCE[1:]])
    built()
    assert said("name") == "李华"
    assert Conflict.objects.get().state == "open"
    pour("insurance", datasets["insurance"], [("1", WHO, "李华", "13900000001", "2026-11-02"), *INSURANCE[1:]])
    built()
    assert Conflict.objects.get().state == "gone"


def test_a_conflict_is_sent_back_to_the_source_that_has_to_look(lake):
    filled()
    built()
    one = Conflict.objects.get()
    actions.return_conflict(actor=KEEPER, conflict_id=one.pk, dataset="insurance", reason="请核对原始登记表")
    one.refresh_from_db()
    assert (one.state, one.returned_to is not None) == ("returned", True)
    assert len(queries.conflicts_page(actor=KEEPER, register="population", state="returned")) == 1


def test_a_row_with_a_wrong_number_is_merged_and_parted_without_loss(lake):
    filled()
    built()
    pair = Pair.objects.create(
        register_id="population", left={"dataset": "market", "row_key": "2"}, right={"key": WHO}, sides="x", probability=0.97,
        found_at=now(),
    )  # fmt: skip
    before = kept().values
    actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="同名同址，末位抄错")
    actions.build_pair(pair_id=pair.pk)
    losers = [one["value"] for one in kept().origins["phone"]["losers"]]
    assert {said("phone"), *losers} == {"13900000001", "13900000002", "13900000009"}
    with pytest.raises(SettledMeanwhile):
        actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="再来一次")
    actions.part_pair(actor=KEEPER, pair_id=pair.pk, reason="核对后不是同一人")
    actions.build_pair(pair_id=pair.pk)
    assert kept().values == before
    assert Join.objects.get().undone_at is not None


def test_two_numbers_of_one_person_become_one_record_and_two_again(lake):
    filled()
    built()
    pair = Pair.objects.create(
        register_id="population", left={"key": OTHER}, right={"key": WHO}, sides="x", probability=0.9, found_at=now()
    )
    actions.merge_pair(actor=KEEPER, pair_id=pair.pk, reason="公安已并户（示例）")
    actions.build_pair(pair_id=pair.pk)
    assert kept(OTHER).state == "gone"
    assert "张伟" in [one["value"] for one in kept().origins["name"]["losers"]]
    assert said("id_number") == WHO
    actions.part_pair(actor=KEEPER, pair_id=pair.pk, reason="并错了，分开")
    actions.build_pair(pair_id=pair.pk)
    assert kept(OTHER).state == "held"
    assert said("name", OTHER) == "张伟"


def test_rules_are_written_by_one_and_published_by_another(lake):
    filled()
    one, other = people.officer("data_admin"), people.officer("data_admin")
    broken = CONTENT | {"key": {"name": "number"}, "sources": [{"dataset": "nowhere", "title": "", "key": "x"}]}
    with pytest.raises(RegisterRefused) as refused:
        actions.propose_ruling(actor=one, register="population", content=broken, note="")
    assert {"dataset", "key", "not_a_source"} <= {reason.code for reason in refused.value.reasons}
    newest = [
        dict(element) | ({"by": "newest"} if element["name"] == "name" else {}) for element in CONTENT["elements"]
    ]
    built()
    proposed = actions.propose_ruling(
        actor=one, register="population", content=CONTENT | {"elements": newest}, note="取最新"
    )
    with pytest.raises(RegisterRefused):
        actions.publish_ruling(actor=one, ruling_id=proposed.pk)
    assert built().counts == {}  # not in force yet
    actions.publish_ruling(actor=other, ruling_id=proposed.pk)
    run = built()
    assert run.whole
    assert kept().values["name"]["source"] == "区市监局 · 经营者库"
    assert Ruling.objects.filter(status="published").count() == 2


def test_lineage_is_told_without_the_value(lake):
    filled()
    built()
    origin = queries.origin_of(actor=KEEPER, register="population", key=WHO, element="phone")
    assert (origin["dataset"], origin["batch"], origin["row"], origin["ruling"]) == ("market", 1, 1, 1)
    assert [one["dataset"] for one in origin["losers"]] == ["insurance"]
    assert "13900000002" not in str(origin)
    with pytest.raises(NotFound):
        queries.origin_of(actor=KEEPER, register="population", key=WHO, element="nation")
    assert {(one["element"], one["column"]) for one in queries.fed_by("police")} >= {
        ("address", "street"),
        ("name", "name"),
    }


def test_what_is_due_is_begun(lake):
    datasets = filled()
    assert actions.start_due() == 1
    assert actions.start_due() == 0  # on its way
    actions.build(build_id=Build.objects.get().pk)
    assert actions.start_due() == 0
    pour("police", datasets["police"], POLICE[:1])
    assert actions.start_due() == 1


def test_figures_of_a_register(lake):
    filled()
    built()
    make_register()  # again: it is there already, with rules of another version
    (standing,) = queries.registers(actor=KEEPER)
    assert (standing.records, standing.conflicts, standing.pairs) == (2, 1, 0)
    assert standing.sources == ["区公安分局 · 人口库", "区人社局 · 参保库", "区市监局 · 经营者库"]
    rule(CONTENT)
    assert len(queries.rulings_of(actor=KEEPER, register="population")) == 3
