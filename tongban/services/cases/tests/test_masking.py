"""Personal answers are masked, whatever group they stand in."""

from tongban.services.cases.console.sheet import cell
from tongban.services.cases.rules.masking import masked

FORM = {
    "groups": [
        {
            "key": "a",
            "fields": [
                {"key": "shop", "type": "text"},
                {"key": "lessor", "type": "text", "label": "出租人姓名"},
                {"key": "boss", "type": "text", "element": "company.legal_person"},
                {"key": "id", "type": "id_number"},
                {"key": "where", "type": "address"},
                {"key": "born", "type": "date", "element": "person.birth_on"},
                {
                    "key": "staff",
                    "type": "repeat",
                    "fields": [{"key": "phone", "type": "phone"}, {"key": "job", "type": "text"}],
                },
            ],
        }
    ]
}
ANSWERS = {
    "shop": "翠屏理发店",
    "lessor": "冯国庆",
    "boss": "欧阳娜娜",
    "id": "51160219900307123X",
    "where": {"division": "511602001001", "detail": "西溪路1号"},
    "born": "1990-03-07",
    "staff": [{"phone": "13800138000", "job": "理发师"}, "nonsense"],
    "stray": "51160219900307123X",
}


def test_masking():
    assert masked(FORM, ANSWERS) == {
        "shop": "翠屏理发店",
        "lessor": "冯*庆",
        "boss": "欧阳**",
        "id": "511***********123X",
        "where": {"division": "511602001001", "detail": "***"},
        "born": "1990-**-**",
        "staff": [{"phone": "138****8000", "job": "理发师"}],
    }
    assert ANSWERS["id"] == "51160219900307123X"


def test_a_spreadsheet_runs_nothing():
    assert cell("task_name", "=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert cell("state", "accepted") == "已受理"
    assert cell("closed_at", None) == ""
