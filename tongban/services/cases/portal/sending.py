"""The end of the application: how the result shall come, a last look at everything, and sending it once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tongban.foundation.identity.queries import identity_card
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason, Refused, TongbanError
from tongban.services.cases.actions import save_draft, submit
from tongban.services.cases.errors import ItemClosed, VersionChanged
from tongban.services.decisions.queries import standing_rules
from tongban.services.forms.queries import Entry, address_book, reasons_of, summary

from .application import Application, on_draft, standing_in_words
from .papers import cards

POSTAL = ("name", "phone", "address")
DECLARATION = gettext_lazy("我填写的内容和提交的材料真实有效。我知道提供虚假材料要承担法律责任。")


def posted_wish(post: Mapping[str, str]) -> dict[str, str]:
    """How the result shall come, as it stands on the page."""
    way = post.get("way", "")
    return {"way": way} | ({name: post.get(name, "").strip()[:200] for name in POSTAL} if way == "post" else {})


def wish_faults(application: Application, wish: Mapping[str, str]) -> list[Reason]:
    """Every reason why the result cannot come so."""
    way, reasons = wish.get("way", ""), []
    if way not in application.ways_to_deliver:
        reasons.append(Reason("way", _("请选择怎样领取结果。"), "way"))
    words = {"name": _("请填写收件人。"), "phone": _("请填写收件人电话。"), "address": _("请填写收件地址。")}
    reasons += [Reason(name, words[name], name) for name in POSTAL if way == "post" and not wish.get(name)]
    return reasons


@on_draft
def delivery_page(request: HttpRequest, application: Application) -> HttpResponse:
    wish, error = dict(application.draft.delivery_wish), None
    book = address_book(request.actor) if "post" in application.ways_to_deliver else []  # type: ignore[attr-defined]
    chosen = next((entry for entry in book if entry.id == request.POST.get("pick")), None)
    if chosen:
        wish = _to(chosen)
    elif request.method == "POST":
        wish = posted_wish(request.POST)
        if reasons := wish_faults(application, wish):
            error, wish = Refused(reasons=reasons), {name: request.POST.get(name, "") for name in ("way", *POSTAL)}
        else:
            _save(request, application, wish)
            return redirect(application.address("check"))
    card = identity_card(request.actor)  # type: ignore[attr-defined]
    usual = _to(book[0]) if book else {"name": card.get("name", ""), "phone": card.get("phone", "")}
    wish = {**usual, "way": "", **wish}
    context = application.frame("delivery", wish=wish, book=book, error=error, errors=error.fields if error else {})
    return render(request, "cases/portal/delivery.html", context, status=422 if error else 200)


def _to(entry: Entry) -> dict[str, str]:
    """The wish to have it sent to an address of one's book."""
    return {
        "way": "post",
        "name": entry.name,
        "phone": entry.phone,
        "address": f"{entry.words} {entry.postcode}".strip(),
    }


def _save(request: HttpRequest, application: Application, wish: dict[str, str]) -> None:
    draft = application.draft
    save_draft(
        actor=request.actor,  # type: ignore[attr-defined]
        item_code=draft.item_code,
        draft_id=draft.pk,
        situation=draft.situation,
        answers=draft.answers,
        sources=draft.sources,
        delivery_wish=wish,
    )


@on_draft
def check_page(request: HttpRequest, application: Application) -> HttpResponse:
    """Everything once more. The draft's own id is the idempotency key: it can become one case and no more."""
    error: TongbanError | None = None
    if request.method == "POST":
        try:
            return _send(request, application)
        except VersionChanged:
            return redirect(application.address("form"))  # where he is taken to the new version and told
        except (Refused, ItemClosed) as refusal:
            error = refusal
    faults = application.faults(request.actor)  # type: ignore[attr-defined]
    context = application.frame(
        "check",
        summary=summary(application.form, application.draft.answers, context=application.context),
        cards=cards(request.actor, application),  # type: ignore[attr-defined]
        error=error or (Refused(_("表格里有内容需要更正。"), reasons=reasons_of(faults)) if faults else None),
        faults=faults,
        declaration=DECLARATION,
        decides_itself=standing_rules(application.draft.item_code, today()) is not None,
        **standing_in_words(application.draft),
    )
    return render(request, "cases/portal/check.html", context, status=error.status if error else 200)


def _send(request: HttpRequest, application: Application) -> HttpResponse:
    if request.POST.get("declared") != "yes":
        text = _("请先阅读并勾选声明。")
        raise Refused(text, reasons=[Reason("declared", text, "declared")])
    actor: Any = request.actor  # type: ignore[attr-defined]
    if not application.draft.delivery_wish and len(application.ways_to_deliver) == 1:
        _save(request, application, {"way": application.ways_to_deliver[0]})
    with override("zh-hans"):  # what is written down is Chinese, whatever language he read it in
        declaration = str(DECLARATION)
    receipt = submit(
        actor=actor,
        draft_id=application.draft.pk,
        idempotency_key=f"draft:{application.draft.pk}",
        by_person=request.POST.get("by_person") == "yes",
        declaration=declaration,
    )
    return redirect("my_receipt", receipt.case_id)
