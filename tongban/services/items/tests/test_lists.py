"""The four lists and the five levels: views of the same items."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import BasicRow, import_basic
from tongban.services.items.queries.four_lists import coverage, list_lines

from .factories import MANAGER, make_item
from .test_basic import CLINIC, VENUE

pytestmark = pytest.mark.django_db
ADVICE = BasicRow("512C0053300008", "学生资助政策咨询", "20", line="区教科体局", levels=["4", "5"])


@pytest.fixture
def lists():
    make_department("区卫健局")
    import_basic(actor=MANAGER, rows=[VENUE, CLINIC, ADVICE], source="district")
    return make_item()


def test_each_list_is_a_view_of_the_same_items(lists):
    assert [line.name for line in list_lines("power")] == [VENUE.name, CLINIC.name]
    assert [line.name for line in list_lines("service")] == [ADVICE.name]
    (duty,) = list_lines("duty")
    assert duty.more == ("5个工作日", "0826-12345")
    (proof,) = list_lines("proof")
    assert (proof.name, proof.more, proof.gaps) == ("身份证", ("公安机关", "电子证照"), ())


def test_what_a_line_lacks_is_said_in_the_console_and_not_to_the_public(client, lists):
    public = client.get("/items/lists/power/?q=诊所").content.decode()
    assert "诊所备案" in public
    assert "没有写设定依据" not in public
    sign_in(client, officer("supervisor", department=make_department("区政务办")))
    html = client.get("/console/items/lists/power/?gap=no_basis").content.decode()
    assert "诊所备案" in html
    assert VENUE.name not in html


def test_a_list_is_downloaded_as_it_is_filtered(client, lists):
    answer = client.get("/items/lists/power/?department=区卫健局&level=3&format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows[1:]] == [VENUE.name]


@pytest.mark.parametrize("kind", ["power", "duty", "service", "proof"])
def test_every_list_opens_for_everybody(client, lists, kind, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert client.get(f"/items/lists/{kind}/?page=99&level=x").status_code == 200


def test_a_list_that_is_not_there(client, lists):
    assert client.get("/items/lists/secret/").status_code == 404
    assert client.get("/items/lists/").status_code == 200


def test_the_levels_count_items_guides_and_what_is_online(client, lists):
    levels, rows = coverage("type")
    assert levels == ["2", "3", "4", "5", "6"]
    permits = next(cells for name, cells, _ in rows if name == "行政许可")
    assert [(permits[level].all, permits[level].guided, permits[level].online) for level in ("3", "4", "5")] == [
        (1, 1, 1), (1, 1, 1), (0, 0, 0)]  # fmt: skip
    sign_in(client, officer("supervisor", department=make_department("区政务办")))
    assert "1 / 1 / 1" in client.get("/console/items/coverage/").content.decode()
    assert "区卫健局" in client.get("/console/items/coverage/?by=department").content.decode()
