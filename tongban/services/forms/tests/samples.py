"""A form with every type of field in it, and answers that are right."""

from __future__ import annotations

from typing import Any

FILE = "0190c0de-0000-7000-8000-000000000001"

EVERYTHING: dict[str, Any] = {
    "title": "各种字段（示例）",
    "groups": [
        {
            "key": "venue",
            "title": "场所信息",
            "hint": "请照门头和营业执照填写。",
            "fields": [
                {"key": "told", "type": "notice", "label": "填写前请看", "text": "带“必填”的都要填。"},
                {
                    "key": "venue_name",
                    "label": "场所名称",
                    "type": "text",
                    "required": True,
                    "max": 60,
                    "element": "company.name",
                },
                {"key": "uscc", "label": "统一社会信用代码", "type": "uscc", "element": "company.uscc"},
                {"key": "address", "label": "场所地址", "type": "address", "required": True},
                {
                    "key": "area",
                    "label": "营业面积",
                    "type": "number",
                    "unit": "平方米",
                    "required": True,
                    "min": 1,
                    "max": 100000,
                    "decimals": 2,
                },
                {
                    "key": "kind",
                    "label": "种类",
                    "type": "select",
                    "required": True,
                    "options": [{"value": "hotel", "label": "宾馆"}, {"value": "pool", "label": "游泳馆"}],
                },
                {
                    "key": "outdoor",
                    "label": "是露天的吗",
                    "type": "radio",
                    "required": True,
                    "show_if": "kind == 'pool'",
                    "options": [{"value": "yes", "label": "是"}, {"value": "no", "label": "否"}],
                },
                {
                    "key": "services",
                    "label": "另有服务",
                    "type": "checkboxes",
                    "max": 2,
                    "options": [
                        {"value": "food", "label": "餐饮"},
                        {"value": "tea", "label": "茶座"},
                        {"value": "shop", "label": "小卖部"},
                    ],
                },
                {"key": "open_on", "label": "开业日期", "type": "date", "min": "2020-01-01", "max": "today+365"},
                {"key": "rent", "label": "租期", "type": "date_range"},
                {"key": "capital", "label": "投资额", "type": "money", "min": 100},
                {"key": "rooms", "label": "客房数", "type": "integer", "min": 0, "show_if": "kind == 'hotel'"},
            ],
            "checks": [
                {"expr": "area >= 10", "field": "area", "message": "营业面积不足10平方米的不需要办理，请核对。"}
            ],
        },
        {
            "key": "people",
            "title": "人员",
            "fields": [
                {
                    "key": "staff",
                    "label": "从业人员",
                    "type": "repeat",
                    "min_items": 1,
                    "max_items": 3,
                    "item_label": "人员",
                    "required": True,
                    "fields": [
                        {"key": "name", "label": "姓名", "type": "text", "required": True, "max": 30},
                        {"key": "id", "label": "身份证号", "type": "id_number", "required": True},
                        {"key": "cook", "label": "是厨师吗", "type": "boolean"},
                        {
                            "key": "cook_cert",
                            "label": "厨师证号",
                            "type": "text",
                            "required": True,
                            "show_if": "cook == true",
                        },
                    ],
                },
                {"key": "staff_count", "label": "从业人数", "type": "integer", "value": "len(staff)"},
                {
                    "key": "equipment",
                    "label": "设备",
                    "type": "table",
                    "item_label": "设备",
                    "max_items": 5,
                    "fields": [
                        {"key": "what", "label": "名称", "type": "text"},
                        {"key": "price", "label": "单价", "type": "money"},
                        {"key": "count", "label": "数量", "type": "integer", "min": 1},
                        {"key": "sum", "label": "小计", "type": "money", "value": "price * count"},
                    ],
                },
                {
                    "key": "equipment_sum",
                    "label": "设备合计",
                    "type": "money",
                    "value": "sum(map(equipment, #.price * #.count))",
                },
            ],
        },
        {
            "key": "contact",
            "title": "联系人",
            "fields": [
                {
                    "key": "id_number",
                    "label": "身份证号",
                    "type": "id_number",
                    "required": True,
                    "element": "person.id_number",
                },
                {"key": "birth_on", "label": "出生日期", "type": "date", "element": "person.birth_on", "max": "today"},
                {
                    "key": "phone",
                    "label": "联系电话",
                    "type": "phone",
                    "required": True,
                    "mobile": True,
                    "element": "person.phone",
                },
                {"key": "mail", "label": "电子邮箱", "type": "email"},
                {"key": "story", "label": "补充说明", "type": "textarea", "max": 500},
                {"key": "plan", "label": "平面图", "type": "file"},
                {"key": "promise", "label": "我已阅读并承诺内容真实", "type": "boolean", "required": True},
                {"key": "signature", "label": "申请人签名", "type": "signature", "required": True},
            ],
        },
    ],
}

ANSWERS: dict[str, Any] = {
    "venue_name": "清渠茶馆",
    "uscc": "11100000000013338W",
    "address": {"division": "511602001001", "detail": "翠屏路18号"},
    "area": 86.5,
    "kind": "pool",
    "outdoor": "no",
    "services": ["food", "tea"],
    "open_on": "2026-03-08",
    "rent": {"from": "2026-01-01", "to": "2028-12-31"},
    "capital": 5000000,
    "staff": [
        {"name": "李华", "id": "11010519491231002X"},
        {"name": "田㛃", "id": "440524188001010014", "cook": True, "cook_cert": "CS-1"},
    ],
    "equipment": [{"what": "茶桌", "price": 35000, "count": 4}],
    "id_number": "11010519491231002X",
    "birth_on": "1949-12-31",
    "phone": "19900000001",
    "mail": "lihua@example.cn",
    "story": "周末营业😊",
    "plan": FILE,
    "promise": True,
    "signature": FILE,
}

SOURCES: dict[str, Any] = {
    "venue_name": {"value": "清渠茶馆", "source": "区市监局 · 法人库", "as_of": "2026-10-31", "stale": False},
    "phone": {"value": "19900000001", "source": "区行政审批局 · 个人信息库", "as_of": "2019-06-30", "stale": True},
}
