"""The three lists of 全程网办: which an item stands on, the smallest change that frees it, how the lists stood before."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.queries.items import packaged_tables
from tongban.services.items.queries.online import change_words, online_board
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.depth import blocks_of
from tongban.services.items.rules.freeing import NOT_OURS, changed, changes_for, smallest_change, standing_of

from .factories import MANAGER, a_definition, make_item

OBSTACLES = (
    "original_shown",
    "signature_in_person",
    "inspection_of_applicant",
    "paper_only",
    "vertical_system",
    "law_demands_presence",
)
ITEMS = st.fixed_dictionaries(
    {
        "online_depth": st.lists(st.sampled_from("1234567"), unique=True),
        "identity_proof_online": st.booleans(),
        "materials": st.lists(
            st.fixed_dictionaries({"format": st.sampled_from("123"), "waive": st.sampled_from([[], ["1"]])}), max_size=2
        ).map(lambda rows: [{"key": f"m{n}", "name": f"材料{n}", **row} for n, row in enumerate(rows)]),
        "results": st.lists(
            st.fixed_dictionaries({"delivery": st.lists(st.sampled_from(["online", "post", "counter"]), unique=True)}),
            max_size=1,
        ).map(lambda rows: [{"name": "证", **row} for row in rows]),
        "fees": st.sampled_from([[], [{"key": "fee"}]]),
        "pay_online": st.booleans(),
        "visits": st.integers(0, 2),
        "obstacles": st.lists(st.sampled_from(OBSTACLES), unique=True, max_size=2),
        "schedule": st.booleans(),
    }
)


@given(ITEMS)
def test_the_smallest_change_frees_and_no_smaller_one_does(item):
    least = smallest_change(item)
    assert blocks_of(changed(item, list(least))) == []
    if len(least) > 5:  # the subsets grow beyond what a test should try; leaving any one out must fail
        assert all(blocks_of(changed(item, [one for one in least if one != left])) for left in least)
        return
    every = list(changes_for(item))
    for size in range(len(least)):
        assert all(blocks_of(changed(item, list(some))) for some in combinations(every, size))


@given(ITEMS)
def test_an_item_stands_on_one_list_by_what_blocks_it(item):
    standing = standing_of(item)
    expected = "done" if not blocks_of(item) else "beyond" if set(item["obstacles"]) & set(NOT_OURS) else "reachable"
    assert standing.list == expected
    assert not {change.what for change in standing.changes if change.kind == "clear_obstacle"} & set(NOT_OURS)


def test_what_is_told_is_what_to_do():
    item = complete(a_definition(online_depth=["1"], identity_proof_online=False, visits=1, visits_explain="签字"))
    item["materials"][0]["format"] = "1"
    assert change_words(smallest_change(item), packaged_tables()["online_depth"]) == [
        "开通“网上收件、网上受理、网上办理、网上反馈结果”", "在网上核验本人身份，不用到窗口", "材料“平面图”也收电子的",
        "到现场次数改为0"]  # fmt: skip


@pytest.mark.django_db
def test_the_months_are_told_by_the_versions_that_held(time_machine):
    time_machine.move_to("2026-11-21T02:00Z")
    make_item(effective_on="2026-02-10", identity_proof_online=False)
    make_item(effective_on="2026-07-01", version=2)
    board = online_board(MANAGER)
    held = {day: (counts["done"], counts["reachable"]) for day, counts in board.months}
    assert held[date(2026, 1, 31)] == (0, 0)
    assert held[date(2026, 6, 30)] == (0, 1)
    assert held[date(2026, 7, 31)] == held[date(2026, 11, 21)] == (1, 0)
    assert len(board.months) == 12


@pytest.mark.django_db
def test_the_board_names_what_blocks_and_what_would_free(client, django_assert_num_queries):
    make_item()
    make_item(code="two", catalog_code="000123009001", task_name="要缴费的事", identity_proof_online=False)
    make_item(code="three", catalog_code="000123009002", task_name="要到场的事", department="区民政局",
              obstacles=["law_demands_presence"], visits=1, visits_explain="民法典要求双方到场")  # fmt: skip
    supervisor = officer("supervisor", department=make_department("区政务办"))
    with django_assert_num_queries(1):
        board = online_board(supervisor)
    assert board.counts == {"done": 1, "reachable": 1, "beyond": 1}
    sign_in(client, supervisor)
    html = client.get("/console/items/online/").content.decode()
    assert "在网上核验本人身份" in html
    beyond = client.get(
        "/console/items/online/?list=beyond&department=区民政局&block=law_demands_presence"
    ).content.decode()
    assert "民法典要求双方到场" in beyond
    assert "本部门改不了" in beyond
    assert "这张清单里没有事项" in client.get("/console/items/online/?list=done&department=没有").content.decode()


@pytest.mark.django_db
def test_a_department_sees_its_own(client):
    version = make_item()
    make_item(code="three", catalog_code="000123009002", task_name="别人的", department="区民政局")
    own = online_board(officer("item_manager", department=version.item.department))
    assert [line.code for line in own.lines] == ["venue-permit"]
    with pytest.raises(NotAllowed):
        online_board(officer("operator"))
