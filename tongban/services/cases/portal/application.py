"""What every page of the application needs: the draft, the version it is written for, what remains for its situation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.services.cases.actions import renew_draft
from tongban.services.cases.models import Draft
from tongban.services.cases.queries import draft_for, draft_standing, helpers_of
from tongban.services.cases.queries.applicant import CHANGED, CLOSED
from tongban.services.forms.queries import Fault, Leaf, leaf, settle, summary
from tongban.services.items.queries import content_of, standing_of

STEPS = (
    ("situation", _("选情形")),
    ("form", _("填表")),
    ("materials", _("交材料")),
    ("delivery", _("领结果")),
    ("check", _("核对提交")),
)


@dataclass(frozen=True)
class Application:
    draft: Draft
    content: dict[str, Any]
    leaf: Leaf

    @property
    def form(self) -> dict[str, Any]:
        """The item's form with the groups that this situation leaves."""
        return {**(self.content.get("form") or {}), "groups": self.leaf.groups}

    @property
    def context(self) -> dict[str, Any]:
        """What expressions may ask beside the answers."""
        return {
            "situation": self.leaf.situation,
            "applicant": {"kind": self.draft.applicant_kind},
            "today": today().isoformat(),
        }

    @property
    def ways_to_deliver(self) -> list[str]:
        """Ways in which every result can be handed over, as the item says them."""
        offered = [result.get("delivery") or [] for result in self.content.get("results") or []]
        if not offered:
            return ["online"]
        return [way for way in ("online", "post", "counter") if all(way in ways for ways in offered)] or offered[0]

    def faults(self, actor: Actor) -> list[Fault]:
        """Everything that is wrong with the answers as they stand in the draft."""
        return settle(self.form, self.draft.answers, self.context, actor=actor).faults

    def address(self, step: str) -> str:
        return reverse(f"apply_{step}", args=[self.draft.item_code, self.draft.pk])

    def frame(self, step: str, **more: Any) -> dict[str, Any]:
        """The context shared by the templates of all steps."""
        names = [name for name, _title in STEPS]
        return {
            "application": self,
            "draft": self.draft,
            "content": self.content,
            "leaf": self.leaf,
            "step": step,
            "steps": [
                {
                    "title": title,
                    "url": self._link(name),
                    "done": names.index(name) < names.index(step),
                    "current": name == step,
                }
                for name, title in STEPS
            ],
            "addresses": {
                name: self.address(name) for name in ("form", "save", "materials", "delivery", "check", "discard")
            },
            "laid_aside": self.laid_aside,
            "helper": helpers_of([self.draft.pk]).get(self.draft.pk),
            **more,
        }

    @property
    def laid_aside(self) -> SafeString | str:
        """Answers that the form no longer asks for, as they were given."""
        aside = self.draft.carried.get("aside") or {}
        if not aside.get("fields"):
            return ""
        form = {"groups": [{"key": "aside", "fields": aside["fields"]}]}
        return summary(form, aside["answers"], context=self.context)

    def _link(self, step: str) -> str:
        return reverse("apply", args=[self.draft.item_code]) if step == "situation" else self.address(step)


def application_of(draft: Draft) -> Application:
    content = content_of(draft.item_version_id)
    rest = leaf(
        content,
        draft.situation,
        applicant_kind=draft.applicant_kind,
        answers=draft.answers,
        today=today().isoformat(),
    )
    return Application(draft, content, rest)


def standing_in_words(draft: Draft) -> dict[str, Any]:
    """For a template: where the draft stands, and of a closed item why, since when and what takes its place."""
    standing = draft_standing(draft)
    closed = standing_of(draft.item_code) if standing == CLOSED else None
    return {"standing": standing, "closed": closed}


Step = Callable[..., HttpResponse]


def on_draft(view: Step) -> Callable[..., HttpResponse]:
    """A step of the application: only its owner enters, and what was submitted leads to its receipt.

    Whoever comes back after the item got a new version is taken to it, with everything he wrote.
    """
    step = view.__name__

    @audience(CITIZEN)
    @wraps(view)
    def entered(request: HttpRequest, code: str, draft_id: UUID, **more: str) -> HttpResponse:
        draft = draft_for(request.actor, draft_id)  # type: ignore[attr-defined]
        if draft.item_code != code:
            raise NotFound
        if draft.case_id is not None:
            return redirect("my_receipt", draft.case_id)
        if request.method == "GET" and draft_standing(draft) == CHANGED:
            draft = renew_draft(actor=request.actor, draft_id=draft.pk)  # type: ignore[attr-defined]
            if step != "form_page":
                return redirect("apply_form", code, draft.pk)  # which tells what the new version asks
        application = application_of(draft)
        if request.method == "GET" and draft.carried and application.leaf.missing and step != "situation_page":
            return redirect("apply_situation", code, draft.pk)
        return view(request, application, **more)

    return entered
