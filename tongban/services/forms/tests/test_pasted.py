"""A table pasted from Word becomes fields, after somebody has looked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import faults_of_form, fields_in
from tongban.services.forms.rules.editing import add
from tongban.services.forms.rules.pasted import rows_of

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>table{mso-style:x}</style></head><body>
<table border=1><tr><td colspan=4><p class=MsoNormal><b>一、申请人基本信息</b></p></td></tr>
<tr><td><p>姓　名<span lang=EN-US>*</span></p></td><td><p><o:p>&nbsp;</o:p></p></td><td>性别</td><td>□男　□女</td></tr>
<tr><td>身份证<br>号码</td><td colspan=3></td></tr>
<tr><td>联系电话（选填）</td><td></td><td>出生日期</td><td></td></tr>
<tr><td>经营项目（可多选）：□热食 □冷食 □糕点</td></tr>
<tr><td>其他说明</td><td></td></tr></table></body></html>"""


def test_a_word_table_with_blanks_beside_the_labels():
    found = fields_in(WORD)
    assert [(g.label, g.type, g.required, g.element) for g in found.guesses] == [
        ("姓 名", "text", True, ""),
        ("性别", "radio", True, ""),
        ("身份证号码", "id_number", True, "person.id_number"),
        ("联系电话", "phone", False, "person.phone"),
        ("出生日期", "date", True, "person.birth_on"),
        ("经营项目", "checkboxes", True, ""),
        ("其他说明", "textarea", True, ""),
    ]
    assert found.guesses[1].options == ("男", "女")
    assert found.guesses[5].options == ("热食", "冷食", "糕点")
    assert found.skipped == ["一、申请人基本信息"]


def test_a_table_whose_header_names_the_columns():
    found = fields_in("项目\t类型\t必填\t说明\n注册资本\t金额\t是\t以元计\n备注\t多行文字\t否\t\n\t\t\t\n")
    assert [(g.label, g.type, g.required, g.hint) for g in found.guesses] == [
        ("注册资本", "money", True, "以元计"),
        ("备注", "textarea", False, ""),
    ]


def test_lines_without_any_table_are_labels():
    assert [g.label for g in fields_in("1. 单位名称\n2. 是否有分支机构\n").guesses] == ["单位名称", "是否有分支机构"]


def test_a_table_in_a_table_and_broken_markup_do_no_harm():
    assert rows_of("<table><tr><td>外<table><tr><td>内</td></tr></table></td><td>右") == [["外内", "右"]]


@given(st.text(alphabet="<>/tabledrh =\n\t姓名□男女*（）选填", max_size=200))
def test_whatever_is_pasted_the_fields_are_sound(pasted: str):
    content = {"form": {"groups": [{"key": "g", "fields": []}]}}
    for guess in fields_in(pasted).guesses[:20]:
        ops, _where = add(content, "/form/groups/0/fields", 99, guess.as_field())
        content["form"]["groups"][0]["fields"].append(ops[0]["value"])
    if content["form"]["groups"][0]["fields"]:
        assert faults_of_form(content["form"]) == []
