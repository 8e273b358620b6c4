"""Looking a person or a company up at the desk: with a purpose, for a case, masked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries import queries
from tongban.data.registries.queries import (
    CREDIT,
    LEGAL_PERSONS,
    LICENCES,
    LOOK,
    POPULATION,
    company_record,
    masked_record,
    person_record,
    records_about,
)
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience

from .words import Face, shown

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
SHORT = {"person": POPULATION, "company": LEGAL_PERSONS}
ABOUT = {"licences": LICENCES, "credit": CREDIT}  # registers with many records of one number


def _found(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.POST.get(name, "")[:200] for name in ("register", "number", "purpose", "case_no")}
    terms = {"actor": request.actor, "purpose": asked["purpose"], "case_no": asked["case_no"]}  # type: ignore[attr-defined]
    kind = asked["register"] if asked["register"] in (*SHORT, *ABOUT) else "person"
    try:
        found = _asked(kind, asked["number"], terms)
    except Refused as error:
        errors = {("number" if name in ("id_number", "uscc") else name): texts for name, texts in error.fields.items()}
        return {"asked": asked, "error": error, "errors": errors}
    return {"asked": asked, "found": found, "missing": not found, "kind": kind}


def _asked(kind: str, number: str, terms: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Records as rows to show, masked; one at most of a person or a company."""
    if kind in ABOUT:
        register = queries.register_known(ABOUT[kind])
        if register is None:
            return []
        return [
            _of_register(Face(register), one) for one in records_about(register=ABOUT[kind], number=number, **terms)
        ]
    look_up = person_record(id_number=number, **terms) if kind == "person" else company_record(uscc=number, **terms)
    if look_up is None:
        return []
    return [
        [
            {
                "label": _("姓名") if (kind, element) == ("person", "name") else LABELS.get(element, element),
                "text": shown(element, entry["value"]),
                **entry,
            }
            for element, entry in masked_record(look_up, kind).items()
        ]
    ]


def _of_register(face: Face, values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**entry, "label": face.title(name), "text": face.text(name, entry["value"])} for name, entry in values.items()
    ]


@audience(STAFF, LOOK)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The number travels in the body, never in an address that would be logged."""
    context = _found(request) if request.method == "POST" else {"asked": {"register": "person"}}
    response = render(request, "registries/look.html", context)
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("console/registries/", look, name="look")]
