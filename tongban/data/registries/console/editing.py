"""The next version of a register's rules, made on a page: sources and elements added and ordered, tried on rows, sent for review."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.catalogue.queries import guess_of
from tongban.data.registries import actions, queries
from tongban.data.registries.models import Register
from tongban.data.registries.rules import first_content, sources_of
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

from .registers import MANAGE, URL, private
from .rulings import rows_of
from .words import CHECKS, LEVELS, MASKS, TOLD, Face

OF_KIND = {"id_number": "id_number", "phone": "phone", "name": "name", "birth_day": "day", "address": "address"}
SALT = "registries.draft"  # what was added so far travels with the page, signed: nobody has to trust a browser's word for it


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, register_code: str) -> HttpResponse:
    """From one's own draft, else from the version that holds; of a register without one, from nothing but its key."""
    actor, error, tried = request.actor, None, None  # type: ignore[attr-defined]
    register, draft = queries.register_of(actor, register_code), queries.draft_of(actor=actor, register=register_code)
    content = dict(draft.content) if draft else queries.content_of(register) or _empty(register)
    if request.method == "POST":
        content = _changed(_drafted(request.POST, content), request.POST)
        act = request.POST.get("act", "")
        try:
            if act == "try":
                tried = _shown(register, content, queries.tried(actor=actor, register=register_code, content=content))
            elif act == "forget":
                actions.drop_draft(actor=actor, register=register_code)
                messages.success(request, _("草稿已放弃。"))
                return redirect("registries:rules", register_code)
            elif act == "keep":
                actions.keep_draft(
                    actor=actor, register=register_code, content=content, note=request.POST.get("note", "")
                )
                messages.success(request, _("草稿已存，只有您看得到。"))
                return redirect("registries:rules", register_code)
            elif act == "propose":
                made = actions.propose_ruling(
                    actor=actor, register=register_code, content=content, note=request.POST.get("note", "")[:300],
                    effective_on=day_typed(request.POST.get("effective_on", "")),
                )  # fmt: skip
                messages.success(request, _("已送审，另一位数据平台管理员同意以后生效。"))
                return redirect("registries:ruling", made.pk)
        except TOLD as refusal:
            error = refusal
    return _page(request, register, content, draft, error, tried)


def _page(
    request: HttpRequest, register: Register, content: dict[str, Any], kept: Any, error: TongbanError | None, tried: Any
) -> HttpResponse:
    there = queries.sources_there()
    used = sources_of(content)
    context = {
        "register": register,
        "heading": _("改一数一源规则") if queries.content_of(register) else _("写第一版规则"),
        "drafted": kept,
        "note": kept.note if kept else "",
        "content": content,
        "draft": signing.dumps(content, salt=SALT, compress=True),
        "rows": rows_of(register.code, content),
        "sources": used.values(),
        "there": [(name, title) for name, title, _columns in there if name not in used],
        "columns": [(title, [(f"{name}.{one}", one) for one in names]) for name, title, names in there if name in used],
        "masks": MASKS.items(),
        "checks": CHECKS.items(),
        "levels": LEVELS.items(),
        "typed": request.POST,
        "tried": tried,
        "error": error,
    }
    return private(render(request, "registries/rules_edit.html", context, status=error.status if error else 200))


def _empty(register: Register) -> dict[str, Any]:
    return first_content(personal=register.personal, name="code", title=_("编号"), check="")


def _drafted(typed: QueryDict, otherwise: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(signing.loads(typed.get("draft", ""), salt=SALT, max_age=86_400))
    except signing.BadSignature:
        return otherwise


def _changed(content: dict[str, Any], typed: QueryDict) -> dict[str, Any]:
    """What the form says laid over the draft: an element's origins by their ranks (0 takes one out), then what is added."""
    made = deepcopy(content)
    for element in made["elements"] if "has-ranks" in typed else ():
        name = element["name"]
        element["by"] = "newest" if typed.get(f"by-{name}") == "newest" else "order"
        element["tells"] = f"tells-{name}" in typed
        _graded(element, typed.get(f"level-{name}", ""), typed.get(f"mask-{name}"))
        ranks = [_rank(typed.get(f"rank-{name}-{number}", ""), number) for number in range(1, len(element["from"]) + 1)]
        placed = sorted(zip(ranks, range(len(ranks)), element["from"], strict=True), key=lambda one: one[:2])
        element["from"] = [origin for rank, _place, origin in placed if rank]
        _add_origin(element, made, typed.get(f"add-{name}", "")[:200])
    if "search" in typed:
        made["search"] = typed["search"][:50]
    act = typed.get("act", "")
    if act == "add-source":
        _add_source(made, typed)
    if act == "add-element":
        _add_element(made, typed)
    return made


def _graded(element: dict[str, Any], level: str, mask: str | None) -> None:
    """How sensitive an element is, and how it is masked; left out where nothing is said."""
    if level in LEVELS:
        element["level"] = int(level or 0)
    if mask in MASKS:
        element["mask"] = mask


def _add_origin(element: dict[str, Any], made: dict[str, Any], chosen: str) -> None:
    dataset, _dot, column = chosen.partition(".")
    if dataset in sources_of(made) and column:
        element["from"].append({"dataset": dataset, "column": column})


def _add_source(made: dict[str, Any], typed: QueryDict) -> None:
    """Its key feeds the register's key as well: a record of this source alone has one, too."""
    said = {
        name: typed.get(f"source-{name}", "").strip()[:100] for name in ("dataset", "title", "key", "as_of", "since")
    }
    if not said["dataset"] or said["dataset"] in sources_of(made):
        return
    columns = said["key"].replace("，", " ").replace(",", " ").split()
    key = columns[0] if len(columns) == 1 else columns
    called = {name: title for name, title, _columns in queries.sources_there()}
    made["sources"].append(said | {"key": key, "title": said["title"] or called.get(said["dataset"], said["dataset"])})
    for element in made["elements"]:
        if element["name"] == made["key"]["name"]:
            where = {"column": key} if isinstance(key, str) else {"columns": {name: name for name in key}}
            element["from"].append({"dataset": said["dataset"], **where})


def _add_element(made: dict[str, Any], typed: QueryDict) -> None:
    said = {name: typed.get(f"element-{name}", "").strip()[:50] for name in ("name", "title", "mask", "check", "level")}
    if not said["name"]:
        return
    element = {"name": said["name"], "title": said["title"] or said["name"], "by": "order", "tells": True, "from": []}
    guess = guess_of(said)
    _graded(element, said["level"] or str(guess.level), said["mask"] or OF_KIND.get(guess.kind, ""))
    _add_origin(element, made, typed.get("element-from", "")[:200])
    for origin in element["from"] if said["check"] else ():
        origin["check"] = said["check"]
    made["elements"].append(element)


def _shown(register: Register, content: dict[str, Any], found: list[queries.Tried]) -> dict[str, Any]:
    """What was tried, masked: of each record its line and what would differ."""
    face = Face(register, content)

    def text(values: dict[str, Any], name: str) -> str:
        return face.text(name, values[name]["value"]) if name in values else "—"

    rows = [
        (
            [text(one.would, name) for name in list(one.would)[:3]],
            not one.now,
            [
                (face.title(name), text(one.now, name), text(one.would, name), one.would.get(name, {}).get("source", ""))
                for name in one.differs
            ] if one.now else [],
        )
        for one in found
    ]  # fmt: skip
    return {"rows": rows, "count": len(rows), "differing": sum(1 for _line, new, differs in rows if new or differs)}


def _rank(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else otherwise


urlpatterns = [path(f"{URL}<slug:register_code>/rules/", edit, name="rules")]
