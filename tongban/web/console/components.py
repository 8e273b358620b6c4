"""The living page: every component as it looks and is written. What is not here is not used."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason, Refused
from tongban.foundation.kernel.pages import PUBLIC, STAFF, admit, audience
from tongban.web.templatetags.ui import LAMPS


class _Around(NamedTuple):
    """As much of a page of results as the pagination shows."""

    previous: str = "p"
    next: str = "n"


@cache
def _names_in(file: str, pattern: str) -> list[str]:
    with open(str(finders.find(file)), encoding="utf-8") as source:
        return re.findall(pattern, source.read())


@audience(PUBLIC)
def components(request: HttpRequest) -> HttpResponse:
    """Open to anybody while developing, to staff otherwise."""
    if not settings.DEBUG:
        admit(request, STAFF)
    reasons = [
        Reason("phone", _("联系电话：手机号码应为11位数字。"), "sample.phone"),
        Reason("name", _("经营者姓名：请填写。"), "sample.name"),
    ]
    context = {
        "swatches": _names_in("css/console.css", r"tb-swatch--([a-z0-9-]+) "),
        "icons": _names_in("img/icons.svg", r'symbol id="([a-z]+)"'),
        "lamps": list(LAMPS),
        "amount": 1200,
        "moment_now": now(),
        "sample_error": Refused(_("有2处需要更正"), reasons=reasons),
        "sample_page": _Around(),
    }
    return render(request, "console/components.html", context)


urlpatterns = [path("console/components/", components, name="components")]
