"""Looking a person or a company up at the desk: with a purpose, for a case, masked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries.queries import company_record, masked_record, person_record
from tongban.data.registries.rules import COMPANY_KINDS, LOOK, NATIONS, SEXES
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import division_path

LABELS = {
    "name": _("名称"),
    "id_number": _("身份证号"),
    "sex": _("性别"),
    "birth_on": _("出生日期"),
    "nation": _("民族"),
    "phone": _("电话"),
    "address": _("地址"),
    "uscc": _("统一社会信用代码"),
    "kind": _("类型"),
    "legal_person": _("法定代表人或经营者"),
    "legal_person_id": _("法定代表人身份证号"),
    "registered_on": _("成立日期"),
    "capital": _("注册资本"),
    "scope": _("经营范围"),
}
CODES: dict[str, dict[str, str]] = {"sex": SEXES, "nation": NATIONS, "kind": COMPANY_KINDS}


def _shown(element: str, value: Any) -> str:
    if element == "address":
        place = "".join(division.name for division in division_path(value["division"]))
        return f"{place}{value['detail']}"
    if element == "capital":
        return f"¥{value / 100:,.2f}"
    return CODES.get(element, {}).get(str(value), str(value))


def _found(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.POST.get(name, "")[:200] for name in ("register", "number", "purpose", "case_no")}
    terms = {"actor": request.actor, "purpose": asked["purpose"], "case_no": asked["case_no"]}  # type: ignore[attr-defined]
    kind = "company" if asked["register"] == "company" else "person"
    try:
        look_up = {
            "person": lambda: person_record(id_number=asked["number"], **terms),
            "company": lambda: company_record(uscc=asked["number"], **terms),
        }
        record = look_up[kind]()
    except Refused as error:
        errors = {("number" if name in ("id_number", "uscc") else name): texts for name, texts in error.fields.items()}
        return {"asked": asked, "error": error, "errors": errors}
    rows = [
        {
            "label": _("姓名") if (kind, element) == ("person", "name") else LABELS[element],
            "text": _shown(element, entry["value"]),
            **entry,
        }
        for element, entry in (masked_record(record, kind) if record else {}).items()
    ]
    return {"asked": asked, "rows": rows, "missing": record is None}


@audience(STAFF, LOOK)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The number travels in the body, never in an address that would be logged."""
    context = _found(request) if request.method == "POST" else {"asked": {"register": "person"}}
    response = render(request, "registries/look.html", context)
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("console/registries/", look, name="look")]
