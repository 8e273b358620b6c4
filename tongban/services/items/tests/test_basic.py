"""The basic list: taken in, tied to what takes it up, and the beginning of a draft."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import BasicRow, basic_rows_of_definitions, check_definition, import_basic
from tongban.services.items.models import BasicItem
from tongban.services.items.queries import (
    BasicFilters,
    basic_counts,
    basic_item,
    basic_rows,
    beginning_from_basic,
    free_code,
)
from tongban.services.items.rules.basic import Office, bare_name, basic_code, beginning, levels_in, slug

from .factories import MANAGER, make_item

VENUE = BasicRow(
    "000123009000", "公共场所卫生许可（新证）", "01", "000123009000", line="区卫健局",
    basis=[{"law": "公共场所卫生管理条例", "clause": "第四条", "text": "国家对公共场所实行“卫生许可证”制度。"}], levels=["3", "4"],
)  # fmt: skip
CLINIC = BasicRow("511A2222222222", "诊所备案", "10", line="区卫健局", levels=["4"])
MARRIAGE = BasicRow("511A3333333333", "补领结婚证", "07", line="区民政局", levels=["4"])


@pytest.mark.parametrize(
    ("item_code", "code"),
    [
        ("511Z07001006-511602000000-000-11511301008778183N-1-00", "511Z07001006"),
        ("511A0138000000-511602000000-000-115113010833722043-1-00", "511A0138000000"),
        ("G-000007-001-511602000000-000-115113010833722043-1-00", "G-000007-001"),
        ("H-000185-001-4444444444", "H-000185-001-4444444444"),
        ("", ""),
    ],
)
def test_the_code_of_the_matter_stands_before_the_division(item_code, code):
    assert basic_code(item_code) == code


@pytest.mark.parametrize(
    ("name", "levels", "bare"),
    [
        ("企业投资项目备案（技术改造）（市级/县级）", ["3", "4"], "企业投资项目备案（技术改造）"),
        ("义诊活动备案(县级)", ["4"], "义诊活动备案"),
        ("临时救助", ["4"], "临时救助"),
    ],
)
def test_the_level_in_a_name_goes_where_it_belongs(name, levels, bare):
    assert (levels_in(name), bare_name(name)) == (levels, bare)


@given(st.text(max_size=60), st.sets(st.integers(1, 5)))
def test_a_new_code_is_a_slug_nobody_bears(name, numbers):
    base = slug(name, ())
    taken = {base if number == 1 else f"{base}-{number}" for number in numbers}
    code = slug(name, taken)
    assert code not in taken
    assert len(code) <= 60
    assert code[0].isalpha()
    assert code == code.lower()
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_code_is_the_sound_of_its_name():
    assert slug("教师资格认定", ()) == "jiao-shi-zi-ge-ren-ding"
    assert slug("教师资格认定", {"jiao-shi-zi-ge-ren-ding"}) == "jiao-shi-zi-ge-ren-ding-2"


def test_what_is_not_known_is_left_out_so_that_it_is_asked_for():
    content = beginning(name="诊所备案", code="zhen-suo", office=Office("区卫健局"), today=date(2026, 11, 21))
    assert not {"catalog_code", "task_type", "consult_phone", "locations", "server_type"} & set(content)


@pytest.fixture
def lists(db):
    make_department("区卫健局")
    make_department("区民政局")
    import_basic(actor=MANAGER, rows=[VENUE, CLINIC, MARRIAGE], source="district")


def test_a_line_is_tied_to_the_item_that_takes_it_up(lists):
    assert not BasicItem.objects.exclude(item=None).exists()
    version = make_item()
    assert BasicItem.objects.get(code=VENUE.code).item_id == version.item_id
    assert BasicItem.objects.get(code=CLINIC.code).item_id is None


def test_a_changed_line_is_a_new_version_and_the_old_one_stays(lists):
    again = [VENUE, BasicRow("511A2222222222", "诊所执业备案", "10", line="区卫健局", levels=["4"])]
    counts = import_basic(actor=MANAGER, rows=again, source="district", effective_on=date(2027, 1, 1))
    assert counts == {"new": 0, "changed": 1, "same": 1, "gone": 1}
    old, new = BasicItem.objects.filter(code=CLINIC.code).order_by("version")
    assert (old.name, old.superseded_on) == ("诊所备案", date(2027, 1, 1))
    assert (new.version, new.superseded_on) == (2, None)
    assert BasicItem.objects.get(code=MARRIAGE.code).superseded_on == date(2027, 1, 1)
    names = [row.name for row in basic_rows(MANAGER, BasicFilters())]
    assert names == ["公共场所卫生许可（新证）", "诊所备案", "补领结婚证"], "until the day comes the old ones hold"


def test_importing_the_same_again_changes_nothing(lists):
    counts = import_basic(actor=MANAGER, rows=[VENUE, CLINIC, MARRIAGE], source="district")
    assert counts == {"new": 0, "changed": 0, "same": 3, "gone": 0}


def test_definitions_in_force_give_codes_with_their_basis(lists):
    make_item()
    (row,) = basic_rows_of_definitions()
    assert (row.catalog_code, row.basis[0]["law"]) == ("000123009000", "公共场所卫生管理条例")


def test_only_who_manages_the_catalogue_imports(db):
    with pytest.raises(NotAllowed):
        import_basic(actor=officer("clerk"), rows=[CLINIC], source="x")


def test_a_draft_begins_with_everything_known(lists):
    office = BasicItem.objects.get(code=VENUE.code).department
    content = beginning_from_basic(MANAGER, BasicItem.objects.get(code=VENUE.code).pk, office.pk)
    assert content["code"] == "gong-gong-chang-suo-wei-sheng-xu-ke"
    assert content["by_law"] == VENUE.basis
    assert (content["catalog_code"], content["use_level"]) == ("000123009000", "4")
    rest = {
        "summary": "开店前要办。", "server_type": ["2"], "applicants": ["company"], "topics": {"company": ["准营准办"]},
        "promise": {"days": 5, "unit": "1"}, "statutory": {"days": 20, "unit": "1"}, "accept_conditions": ["有场所"],
        "questions": [{"q": "多久？", "a": "五天。"}], "letters": {"abbreviation": "广卫"}, "consult_phone": "0826-2222222",
        "locations": [{"hall": "大厅", "address": "路1号", "hours": "工作日"}],
    }  # fmt: skip
    assert check_definition(content | rest)[1] == []


def test_a_code_already_borne_gets_a_number(lists):
    make_item(code="zhen-suo-bei-an")
    assert free_code("诊所备案") == "zhen-suo-bei-an-2"


def test_a_department_sees_its_own_lines(lists):
    manager = officer("item_manager", department=BasicItem.objects.get(code=CLINIC.code).department)
    assert [row.name for row in basic_rows(manager, BasicFilters())] == [VENUE.name, CLINIC.name]
    assert [(row["department"], row["open"]) for row in basic_counts(manager)] == [("区卫健局", 2)]
    with pytest.raises(NotFound):
        basic_item(manager, BasicItem.objects.get(code=MARRIAGE.code).pk)


def test_the_page_tells_what_is_not_taken_up(client, lists, django_assert_max_num_queries):
    make_item()
    sign_in(client, officer("supervisor", department=make_department("区政务办")))
    with django_assert_max_num_queries(16):
        html = client.get("/console/items/basic/?state=open").content.decode()
    assert "诊所备案" in html
    assert "补领结婚证" in html
    assert "公共场所卫生许可" not in html
    narrowed = client.get("/console/items/basic/?q=结婚&type=07&level=4&department=区民政局").content.decode()
    assert "补领结婚证" in narrowed
    assert "诊所备案" not in narrowed
    assert "目录里没有符合条件的事项" in client.get("/console/items/basic/?q=没有").content.decode()
