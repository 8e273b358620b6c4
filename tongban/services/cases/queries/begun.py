"""What is in applications not yet submitted, as numbers only: asked before a form changes under those who fill it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tongban.foundation.kernel.actors import Actor, permit
from tongban.services.cases.models import Case, Draft
from tongban.services.forms.queries import is_empty
from tongban.services.items.queries import department_of

MOST_READ = 2000  # answers are encrypted: each is opened to be counted


def affected_by_items(codes: Iterable[str]) -> tuple[int, int]:
    """How many applications for these items are still being written, and how many cases are under way. Counts only."""
    found = list(codes)
    drafts = Draft.objects.filter(item_code__in=found, case_id=None).count()
    return drafts, Case.objects.filter(item_code__in=found, is_open=True).count()


def drafts_answering(actor: Actor, item_code: str, keys: Iterable[str]) -> dict[str, int]:
    """In how many open drafts of an item each of these fields holds an answer; the latest 2 000 are counted.

    For who manages the item: numbers, never an answer. A field nobody has filled in is left out.
    """
    permit(actor, "items.manage", department_id=department_of(item_code))
    wanted = set(keys)
    rows = Draft.objects.filter(item_code=item_code, case_id=None).order_by("-saved_at").only("answers")[:MOST_READ]
    return dict(Counter(key for row in rows for key in wanted if not is_empty(row.answers.get(key))))
