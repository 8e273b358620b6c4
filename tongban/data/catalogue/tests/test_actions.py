"""The way of an entry: written, handed in, reviewed twice, published, revised, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tongban.data.catalogue.actions import (
    agree,
    ask_for_data,
    ask_withdrawal,
    close_demand,
    drop_draft,
    hand_in,
    hear_of_item,
    load_value_tables,
    match_demand,
    note_gathered,
    recall,
    refuse,
    revise,
    warn_of_grounds,
    write,
)
from tongban.data.catalogue.errors import (
    ChangedMeanwhile,
    DemandRefused,
    EntryRefused,
    OwnWork,
    ReviewRefused,
    UnderReview,
)
from tongban.data.catalogue.models import DataItem, Entry, ItemResult, ValueTable, Version
from tongban.data.catalogue.queries import Filters, catalogue_page, entry_for, facets, figures, resources_fed_by
from tongban.data.catalogue.queries.tables import packaged_tables, value_tables
from tongban.data.catalogue.rules import lifecycle
from tongban.foundation.clocks.queries import clock_of
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotFound
from tongban.foundation.notifications.queries import messages_of

from .factories import KEY_ITEM, NAME_ITEM, agreed, make_draft, make_published, steward

pytestmark = pytest.mark.django_db


def test_the_whole_way_and_what_it_leaves() -> None:
    writer = steward()
    version = make_draft(writer)
    entry = version.entry
    with pytest.raises(NotFound):
        entry_for(officer("clerk"), entry.pk)
    review = hand_in(actor=writer, entry_id=entry.pk)
    head, platform = officer("dept_head", department=entry.department), officer("data_admin")
    review = agree(actor=head, review_id=review.pk)
    clock = clock_of(f"catalogue_review:{review.pk}", "platform_review")
    assert clock is not None
    assert clock.statutory_days == 2
    agree(actor=platform, review_id=review.pk)
    entry.refresh_from_db()
    assert (entry.life, entry.code[:9], entry.grade, entry.item_codes) == ("3", "30701502/", "3", ["elderly-card"])
    assert entry_for(officer("clerk"), entry.pk) == entry
    assert [item.key for item in entry.items.all()] == ["number", "name"]
    assert [entry.pk] == [one.pk for one in resources_fed_by("elderly-card")]
    assert "已发布" in messages_of(writer).rows[0].title
    clock.refresh_from_db()
    assert clock.ended_on == today()


def test_four_eyes_and_then_six() -> None:
    writer = steward()
    entry = make_draft(writer).entry
    review = hand_in(actor=writer, entry_id=entry.pk)
    for stranger in (officer("dept_head"), officer("clerk"), citizen(), officer("data_admin")):
        with pytest.raises(NotAllowed):
            agree(actor=stranger, review_id=review.pk)
    both = officer("dept_head", department=entry.department)
    write_as_head = both.__class__(
        **{**both.__dict__, "grants": {**both.grants, "catalogue.publish": 4, "catalogue.write": 2}}
    )
    agree(actor=write_as_head, review_id=review.pk)
    with pytest.raises(OwnWork):
        agree(actor=write_as_head, review_id=review.pk)


def test_a_writer_does_not_review_his_own_words() -> None:
    head = officer("dept_head")
    writer = head.__class__(**{**head.__dict__, "grants": {**head.grants, "catalogue.write": 2}})
    entry = make_draft(writer).entry
    review = hand_in(actor=steward(entry.department), entry_id=entry.pk)
    with pytest.raises(OwnWork):
        agree(actor=writer, review_id=review.pk)


def test_handing_in_says_everything_that_is_wrong() -> None:
    writer = steward()
    entry = make_draft(writer, abstract="", system="X-S001", items=[KEY_ITEM, NAME_ITEM | {"lead": "某某局"}]).entry
    with pytest.raises(EntryRefused) as refused:
        hand_in(actor=writer, entry_id=entry.pk)
    assert {(one.code, one.field) for one in refused.value.reasons} == {
        ("missing", "abstract"),
        ("system_unknown", "system"),
        ("lead_unknown", "items.name.lead"),
    }


def test_a_revision_is_a_new_version_and_who_saw_the_old_one_keeps_it() -> None:
    writer = steward()
    entry = make_published(writer)
    first, kept = entry.published, {one.key: one.pk for one in entry.items.all()}
    revise(actor=writer, entry_id=entry.pk)
    with pytest.raises(EntryRefused, match="改正"):
        hand_in(actor=writer, entry_id=entry.pk)  # nothing changed
    items = [KEY_ITEM | {"english": "ZJHM"}, NAME_ITEM | {"key": "", "name": "性别", "english": "XB", "length": "1"}]
    write(actor=writer, entry_id=entry.pk, content={"items": items, "cycle": "week"}, note="改", changed_on=today())
    hand_in(actor=writer, entry_id=entry.pk)
    entry.refresh_from_db()
    assert (entry.life, entry.published, entry.cycle) == (lifecycle.PUBLISHED, first, "day")
    agreed(entry)
    assert (entry.published.number, entry.cycle) == (2, "week")
    assert first is not None
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert first.content["cycle"] == "day"
    rows = {one.english: one for one in DataItem.objects.filter(resource=entry)}
    assert rows["ZJHM"].pk == kept["number"]
    assert [one.english for one in rows.values() if not one.is_present] == ["XM"]
    assert clock_of(f"catalogue_version:{entry.published_id}", "update").statutory_days == 10


def test_what_was_published_cannot_be_changed_by_anybody() -> None:
    entry = make_published()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Version.objects.filter(pk=entry.published_id).update(content={})


def test_a_published_code_stays() -> None:
    writer = steward()
    entry = make_published(writer)
    revise(actor=writer, entry_id=entry.pk)
    write(actor=writer, entry_id=entry.pk, content={"entry": "016"})
    with pytest.raises(EntryRefused) as refused:
        hand_in(actor=writer, entry_id=entry.pk)
    assert [one.code for one in refused.value.reasons] == ["code_fixed"]


def test_codes_run_on_and_systems_have_their_own() -> None:
    writer = steward()
    codes = [make_published(writer).code[-6:] for _ in range(2)]
    system = make_published(writer, Entry.Kind.SYSTEM)
    assert int(codes[1]) == int(codes[0]) + 1
    assert system.code == f"{system.department.code}-S001"
    assert make_published(writer, system=system.code, related=[]).system_code == system.code


def test_refused_with_a_reason_then_mended() -> None:
    writer = steward()
    entry = make_draft(writer).entry
    review = hand_in(actor=writer, entry_id=entry.pk)
    head = officer("dept_head", department=entry.department)
    with pytest.raises(ReviewRefused):
        refuse(actor=head, review_id=review.pk, reason=" ")
    refuse(actor=head, review_id=review.pk, reason="摘要太短")
    entry.refresh_from_db()
    assert entry.life == lifecycle.REFUSED
    with pytest.raises(Conflict):
        agree(actor=head, review_id=review.pk)
    write(actor=writer, entry_id=entry.pk, content={"abstract": "写长一点的摘要"})
    hand_in(actor=writer, entry_id=entry.pk)
    assert agreed(entry).life == lifecycle.PUBLISHED


def test_what_is_under_review_is_not_written_in_but_may_be_taken_back() -> None:
    writer = steward()
    entry = make_draft(writer).entry
    review = hand_in(actor=writer, entry_id=entry.pk)
    for deed in (
        lambda: write(actor=writer, entry_id=entry.pk, content={}),
        lambda: drop_draft(actor=writer, entry_id=entry.pk),
    ):
        with pytest.raises(UnderReview):
            deed()
    with pytest.raises(OwnWork):
        recall(actor=steward(entry.department), review_id=review.pk)
    recall(actor=writer, review_id=review.pk)
    assert drop_draft(actor=writer, entry_id=entry.pk).life == lifecycle.DELETED
    with pytest.raises(Conflict):
        revise(actor=writer, entry_id=entry.pk)


def test_two_who_write_at_once_do_not_overwrite_one_another() -> None:
    writer = steward()
    version = make_draft(writer)
    write(actor=writer, entry_id=version.entry_id, content={"name": "甲"}, revision=version.revision)
    with pytest.raises(ChangedMeanwhile):
        write(actor=writer, entry_id=version.entry_id, content={"name": "乙"}, revision=version.revision)


def test_withdrawal_is_reviewed_too() -> None:
    writer = steward()
    entry = make_published(writer)
    review = ask_withdrawal(actor=writer, entry_id=entry.pk, reason="职责划走了")
    entry.refresh_from_db()
    assert entry.life == lifecycle.LEAVING
    refuse(actor=officer("dept_head", department=entry.department), review_id=review.pk, reason="还在用")
    entry.refresh_from_db()
    assert entry.life == lifecycle.STAYS
    assert catalogue_page(officer(), Filters()).rows == [entry]
    ask_withdrawal(actor=writer, entry_id=entry.pk, reason="职责划走了")
    assert agreed(entry).life == lifecycle.WITHDRAWN
    assert "已撤销" in {message.title[:3] for message in messages_of(writer).rows}
    assert catalogue_page(officer(), Filters()).rows == []
    revise(actor=writer, entry_id=entry.pk)
    hand_in(actor=writer, entry_id=entry.pk)
    assert agreed(entry).life == lifecycle.PUBLISHED


def test_words_find_names_abstracts_and_items_names_first(django_assert_num_queries) -> None:
    writer = steward()
    second = make_published(writer, name="低保对象名单", abstract="与残疾人证核对过")
    first = make_published(writer, name="残疾人证信息", items=[KEY_ITEM | {"name": "残疾等级"}])
    reader = officer()
    with django_assert_num_queries(2):
        assert catalogue_page(reader, Filters("残疾人证")).rows == [first, second]
    assert catalogue_page(reader, Filters("残疾等级")).rows == [first]
    assert catalogue_page(reader, Filters("残疾补贴名册")).rows[0] == first  # by twos
    assert catalogue_page(reader, Filters("营业执照")).rows == []
    told = facets(reader, Filters(chosen={"share_type": "2"}))
    assert told["share_type"] == [("2", "有条件共享", 2)]
    assert told["department"] == [(str(first.department_id), first.department.short_name, 2)]
    page = catalogue_page(reader, Filters(), size=1)
    assert catalogue_page(reader, Filters(), size=1, cursor=page.next).rows != page.rows


def test_the_catalogue_is_for_staff() -> None:
    with pytest.raises(NotAllowed):
        catalogue_page(citizen(), Filters())


def test_demands_wait_and_are_matched() -> None:
    needing, owner = steward(), steward()
    given = {
        "title": "核对残疾人证",
        "use": "残疾人补贴",
        "fields": "姓名、证号、等级",
        "basis": "《残疾人保障法》第四十六条",
    }
    with pytest.raises(DemandRefused) as refused:
        ask_for_data(actor=needing, needed_on=today() - timedelta(days=1), cycle="x", **given | {"basis": ""})
    assert {one.field for one in refused.value.reasons} == {"basis", "cycle", "needed_on"}
    demand = ask_for_data(actor=needing, needed_on=today(), cycle="day", **given)
    with pytest.raises(DemandRefused):
        match_demand(actor=officer("data_admin"), demand_id=demand.pk, resource_code="307015/999999")
    with pytest.raises(NotAllowed):
        match_demand(actor=owner, demand_id=demand.pk, resource_code="307015/999999")
    entry = make_published(owner)
    assert match_demand(actor=needing, demand_id=demand.pk, resource_code=entry.code).resource == entry
    with pytest.raises(Conflict):
        close_demand(actor=needing, demand_id=demand.pk, answer="不用了")


def test_overdue_grounds_warn_steward_and_platform_once_a_week() -> None:
    writer, platform = steward(), officer("data_admin")
    soon = (today() + timedelta(days=20)).isoformat()
    ground = {
        "share_type": "3",
        "share_condition": "",
        "share_ground_kind": "1",
        "share_ground": "《统计法》第二十八条",
    }
    make_published(writer, **ground, share_review_on=soon)
    make_published(writer, **ground, share_review_on=(today() + timedelta(days=200)).isoformat())
    assert (warn_of_grounds(), warn_of_grounds()) == (1, 0)
    assert all("复核" in messages_of(one).rows[0].title for one in (writer, platform))


def test_coverage_is_zero_until_the_gathering_room_tells() -> None:
    entry = make_published()
    assert (figures(officer())[0].gathered, figures(officer())[0].daily) == (0, 0)
    note_gathered(actor=installer("catalogue.note_gathered"), resource_id=entry.pk, at=now(), follows_daily=True)
    total, offices = figures(officer())
    assert (total.resources, total.gathered, total.daily, total.gathered_share) == (1, 1, 1, 100)
    assert offices[0][0].pk == entry.department_id
    Entry.objects.filter(pk=entry.pk).update(gathered_at=now() - timedelta(hours=25))
    assert (figures(officer())[0].gathered, figures(officer())[0].daily) == (1, 0), (
        "what stopped coming follows no longer"
    )


def test_dictionaries_are_data_with_versions() -> None:
    actor = installer("catalogue.publish")
    load_value_tables(actor=actor)
    assert load_value_tables(actor=actor) == 0
    cycles = packaged_tables()["cycle"] | {"twoyears": "每两年"}
    tomorrow = today() + timedelta(days=1)
    assert load_value_tables(actor=actor, tables={"cycle": cycles}, effective_on=tomorrow) == 1
    assert ValueTable.objects.filter(key="cycle").count() == 2
    assert ("twoyears" in value_tables()["cycle"], "twoyears" in value_tables(tomorrow)["cycle"]) == (False, True)


def test_items_are_heard_of_by_their_codes() -> None:
    department = officer().department_id
    for results in (["证书", "通知"], ["证书"]):
        hear_of_item(item_code="elderly-card", item_name="老年人优待证", department_id=department, results=results)
    assert list(ItemResult.objects.values_list("result", flat=True)) == ["证书"]
