"""What an old line says, and what is told of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.identity.tests.factories import id_number, uscc
from tongban.services.licences.rules.gathering import STEPS, Reader, day_of, halved, step_faults
from tongban.services.licences.rules.tables import MOST_ROWS, Unusable, headings_of, table_of
from tongban.services.licences.rules.types import complete

from .factories import HEADINGS, PERMIT, csv_of, old_row, xlsx_of

TODAY = date(2026, 11, 21)
FIELDS = complete(PERMIT)["fields"]
PERSON = id_number(5)
WRONG = PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1")
ODD = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E8EA49.001.M"
SOUND = {
    "number": "JY1", "holder_name": "李华", "holder_number": PERSON, "issued_on": "2024-03-01",
    "valid_until": "2029-02-28", "business_name": "茶馆", "scope": "自制饮品制售",
}  # fmt: skip


def read(**changes):
    reader = Reader(FIELDS, ["person", "company"], {"kind": "years", "length": 5}, TODAY)
    return reader.read(SOUND | changes)


def codes(**changes):
    return {(finding.code, finding.key, finding.stop) for finding in read(**changes)[1]}


def test_a_sound_line_has_no_finding():
    old, found = read()
    assert found == []
    assert (old.holder.kind, old.valid_from, old.valid_until) == ("person", date(2024, 3, 1), date(2029, 2, 28))
    assert old.fields["scope"] == "tea"  # the word, kept as its code


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("2024-03-01", date(2024, 3, 1), ""), ("2024/3/1", date(2024, 3, 1), ""), ("2024.3.1", date(2024, 3, 1), ""),
        ("2024年3月1日", date(2024, 3, 1), ""), ("２０２４－０３－０１", date(2024, 3, 1), ""), ("20240301", date(2024, 3, 1), ""),
        ("2024-03-01 00:00:00", date(2024, 3, 1), ""), ("45352", date(2024, 3, 1), "day_counted"),
        ("2024-02-30", None, "day_unreal"), ("3/1/24", None, "day"), ("去年春天", None, "day"), ("99999", None, "day"),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text, day, code):
    assert day_of(text) == (day, code)


@given(st.dates(date(1950, 1, 1), date(2099, 1, 1)))
def test_a_day_is_read_however_it_is_written(day):
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"):
        assert day_of(day.strftime(form)) == (day, "")


@given(st.text(max_size=30))
def test_nothing_a_cell_can_say_breaks_the_reader(text):
    for key in SOUND:
        read(**{key: text})
    assert isinstance(halved(text), str)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"holder_number": WRONG}, ("number_check", "holder_number", True)),
        ({"holder_number": "511602900307101"}, ("number_old", "holder_number", True)),
        ({"holder_number": "12345"}, ("number_length", "holder_number", True)),
        ({"holder_number": uscc(3)[:-1] + "?"}, ("number_characters", "holder_number", True)),
        ({"holder_number": ""}, ("missing", "holder_number", True)),
        ({"number": ""}, ("missing", "number", True)),
        ({"number": "ＪＹ１"}, ("full_width", "number", False)),
        ({"issued_on": "2024-02-30"}, ("day_unreal", "issued_on", True)),
        ({"issued_on": "2027-01-01"}, ("issued_later", "issued_on", True)),
        ({"issued_on": "1911-10-10"}, ("long_ago", "issued_on", False)),
        ({"valid_until": "2020-01-01"}, ("ends_before", "valid_until", True)),
        ({"valid_until": ""}, ("until_by_rule", "valid_until", False)),
        ({"issued_on": "2019-01-01", "valid_until": "2023-12-31"}, ("ended", "valid_until", False)),
        ({"state": "不知道"}, ("state", "state", True)),
        ({"business_name": ""}, ("field_missing", "business_name", False)),
        ({"scope": "卖飞机"}, ("code", "scope", True)),
        ({"address": "长" * 61}, ("long", "address", True)),
        ({"opened_on": "不详"}, ("date", "opened_on", True)),
        ({"identifier": "1.2.156"}, ("identifier_shape", "identifier", False)),
        ({"identifier": ODD}, ("identifier_check", "identifier", False)),
    ],
)  # fmt: skip
def test_each_oddness_is_a_finding(changes, finding):
    assert finding in codes(**changes)


def test_long_term_has_no_last_day():
    assert [read(valid_until=text)[0].valid_until for text in ("长期", "9999-12-31", "2099-12-31")] == [None] * 3
    assert codes(valid_until="长期") == set()


def test_a_dead_licence_is_kept_as_dead():
    assert read(state="注销")[0].state == "cancelled"


def test_the_steps_go_in_their_order():
    facts = {"has_seal": True, "gathered": 5, "live": 1}
    assert step_faults("confirm", [], note="存量100张", **facts) == []
    assert step_faults("history", ["confirm"], note="好了", **facts) == ["before"]
    assert step_faults("seal", ["confirm"], note="好了", **facts | {"has_seal": False}) == ["no_seal"]
    assert step_faults("notice", STEPS[:5], note="", **facts) == ["note"]
    assert step_faults("dance", STEPS, note="好了", **facts) == ["unknown"]


def texts(table):
    return [{cell.key or cell.heading: cell.text for cell in cells} for _line, cells in table.lines]


def test_a_csv_and_a_workbook_read_the_same():
    rows = [old_row("JY1"), old_row("JY2")]
    by_csv = table_of(csv_of(*rows), is_csv=True, definitions=FIELDS)
    by_book = table_of(xlsx_of(*rows), is_csv=False, definitions=FIELDS)
    assert texts(by_csv) == texts(by_book)
    assert [line for line, _cells in by_csv.lines] == [2, 3]
    by_gbk = table_of(csv_of(*rows).decode("utf-8-sig").encode("gb18030"), is_csv=True, definitions=FIELDS)
    assert texts(by_gbk) == texts(by_csv)


def test_headings_lie_below_a_title_and_under_other_names():
    data = "食品经营许可证台账\n,\n证书编号,姓名,身份证号,发证日期,备注\nJY1,李华,x,2024-03-01,旧\n".encode()
    table = table_of(data, is_csv=True, definitions=FIELDS)
    assert texts(table) == [
        {"number": "JY1", "holder_name": "李华", "holder_number": "x", "issued_on": "2024-03-01", "备注": "旧"}
    ]
    assert [(note.code, note.places) for note in table.notes] == [("columns_unknown", ("备注",))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n1,2\n", "columns_missing"), (",".join(HEADINGS).encode(), "no_rows"), (b"", "columns_missing"),
        (b"\xff\xfe\x00\x81", "not_text"), (b"PK\x03\x04 no workbook", "broken"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(data, code):
    with pytest.raises(Unusable) as refused:
        table_of(data, is_csv=not data.startswith(b"PK"), definitions=FIELDS)
    assert refused.value.code == code


def test_a_number_that_lost_its_digits_is_odd():
    table = table_of(xlsx_of(old_row() | {"持证人证件号码": 511602199003071010}), is_csv=False, definitions=FIELDS)
    assert [cell.odd for _line, cells in table.lines for cell in cells if cell.key == "holder_number"] == [
        "digits_lost"
    ]
    data = csv_of(old_row() | {"持证人证件号码": "5.11602E+17"})
    [(_line, cells)] = table_of(data, is_csv=True, definitions=FIELDS).lines
    assert "digits_lost" in {cell.odd for cell in cells}


def test_too_many_rows_are_refused():
    data = "证照编号,持证人,持证人证件号码,颁发日期\n" + "1,2,3,4\n" * (MOST_ROWS + 30)
    with pytest.raises(Unusable, match="too_many_rows"):
        table_of(data.encode(), is_csv=True, definitions=FIELDS)


def test_the_template_names_every_column_once():
    headings = [heading for _key, heading in headings_of(FIELDS)]
    assert len(headings) == len(set(headings))
    assert {"证照编号", "经营者名称"} <= set(headings)
