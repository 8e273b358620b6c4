"""What the codes of this room are called, and a licence as its pages show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.clock import today
from tongban.services.licences.rules import states
from tongban.services.licences.rules.masking import mask_holder, mask_number, masked_fields
from tongban.services.licences.rules.types import shown

if TYPE_CHECKING:
    from tongban.services.licences.models import Licence

STATES: dict[str, Any] = {
    "draft": _("未生效"), "valid": _("有效"), "suspended": _("暂扣"), "expired": _("已过期"), "cancelled": _("已注销"),
    "revoked": _("已吊销"), "annulled": _("已撤销"), "lost": _("遗失作废"), "superseded": _("已换新版"),
    "discarded": _("已剔除"),
}  # fmt: skip
COLOURS = {
    "valid": "green",
    "suspended": "yellow",
    "expired": "grey",
    "superseded": "grey",
    "draft": "grey",
    "discarded": "grey",
}
ACTS: dict[str, Any] = {
    "issue": _("签发"), "change": _("变更"), "renew": _("延续"), "replace": _("补发"), "check_yearly": _("年检合格"), "suspend": _("暂扣"),
    "restore": _("恢复"), "cancel": _("注销"), "revoke": _("吊销"), "annul": _("撤销"), "declare_lost": _("遗失作废"),
    "expire": _("到期"), "confirm": _("核对入库"), "discard": _("剔除"),
}  # fmt: skip
WAYS: dict[str, Any] = {
    "code": _("出示亮证码"), "grant": _("持证人授权"), "law": _("依法定职责查询"), "case": _("办件免提交"),
    "issuer": _("颁发机关查看"), "copy": _("加注副本"), "none": _("没有授权，未看到内容"),
}  # fmt: skip
SOON = 60  # days before its end that a licence is said to end soon


def status_of(licence: Licence) -> str:
    return states.state_on(licence.state, licence.valid_from, licence.valid_until, today())


def shown_as(licence: Licence) -> dict[str, Any]:
    """State in a word, with its colour; until when; whether its end is near."""
    status, until = status_of(licence), licence.valid_until
    return {
        "row": licence,
        "status": status,
        "word": STATES[status],
        "colour": COLOURS.get(status, "red"),
        "holder": mask_holder(licence.holder_kind, str(licence.holder_name)),
        "number": mask_number(str(licence.number)),
        "until": until,
        "soon": _near(status, until),
        "title": licence.type.content.get("title") or licence.type_name,
        "look": licence.type.content.get("colour") or "red",
    }


def _near(status: str, until: date | None) -> bool:
    return status == states.VALID and until is not None and (until - today()).days <= SOON


def lines_of(licence: Licence, *, masked: bool = False, only: list[str] | None = None) -> list[tuple[str, str, str]]:
    """(key, label, value) of each item on the face that has a value, in the order of the type."""
    fields = licence.type.content["fields"]
    values = masked_fields(fields, licence.fields) if masked else licence.fields
    return [
        (field["key"], field["label"], values[field["key"]] if masked else shown(field, values[field["key"]]))
        for field in fields
        if values.get(field["key"]) not in (None, "") and (only is None or field["key"] in only)
    ]
