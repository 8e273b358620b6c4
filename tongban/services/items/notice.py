"""一次性告知书: what one person needs for one situation, as a letter that needs no case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tongban.foundation.letters.actions import packaged, qr_picture, typeset
from tongban.foundation.letters.queries import template_in_force

from .queries.guide import Guide


def notice_pdf(guide: Guide, *, department: str, on: date) -> bytes:
    """The notice in type, with the template of the day."""
    template = template_in_force("one_time_notice", on)
    source = template.content["source"] if template else packaged("one_time_notice")["source"]
    return typeset(source, notice_data(guide, department=department, on=on))


def notice_data(guide: Guide, *, department: str, on: date) -> dict[str, Any]:
    """The keys of the template `one_time_notice`."""
    content = guide.content
    address = f"{settings.SITE_URL}/items/{guide.code}/"
    query = urlencode(guide.rest.situation)
    return {
        "title": _("一次性告知书"),
        "department": department,
        "date": on,
        "sample": content["sample"],
        "item_name": content["task_name"],
        "situation": "；".join(f"{question}{answer}" for question, answer in guide.chosen),
        "who": guide.names["server_type"],
        "limit": _limit(guide),
        "fee": guide.fee,
        "visits": guide.visits,
        "result_name": "、".join(result["name"] for result in content["results"]),
        "conditions": content["accept_conditions"],
        "materials": [_material(material) for material in guide.materials + guide.maybe],
        "waived": [f"{m['name']}（{'、'.join(m['waive_names'])}）" for m in guide.waived],
        "steps": [f"{step['name']}：{step['limit']}" if step["limit"] else step["name"] for step in guide.steps],
        "places": [
            f"{place['hall']}{place['window']}，{place['address']}，{place['hours']}" for place in content["locations"]
        ],
        "basis": [f"《{law['law']}》{law['clause']}" for law in content["by_law"]],
        "consult_phone": content["consult_phone"],
        "complaint_phone": content["complaint_phone"],
        "link": f"{address}?{query}" if query else address,
        "qr": qr_picture(f"{address}?{query}" if query else address),
    }


def _limit(guide: Guide) -> str:
    if not guide.statutory:
        return guide.promise
    return _("%(promise)s（法定%(statutory)s）") % {"promise": guide.promise, "statutory": guide.statutory}


def _material(material: dict[str, Any]) -> dict[str, Any]:
    notes = [material["standard"]]
    if material["handle_case"]:
        notes.insert(0, _("%(case)s提交") % {"case": material["handle_case"]})
    if material["tolerance"]:
        notes.append(_("可以先受理，%(days)s个工作日内补交") % {"days": material["tolerance"]["days"]})
    return {
        "name": material["name"],
        "form": material["format_name"],
        "copies": material["copies"],
        "note": "；".join(note for note in notes if note),
    }
