"""Worklist filters a member of staff gave a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import SavedView

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

MOST_VIEWS = 30


def save_view(*, actor: Actor, name: str, filters: dict[str, Any]) -> SavedView:
    """Keep a filter under a name of one's own; the same name again replaces it."""
    permit(actor, "cases.see", department_id=actor.department_id, division=actor.division)
    if not 1 <= len(name.strip()) <= 60:
        raise CaseRefused(reasons=[Reason("cases.view_name", _("请给视图起一个1至60个字的名称。"), "name")])
    if SavedView.objects.filter(account_id=actor.account_id).count() >= MOST_VIEWS:
        raise CaseRefused(reasons=[Reason("cases.too_many_views", _("最多保存30个视图，请先删除不用的。"), "name")])
    view, _made = SavedView.objects.update_or_create(
        account_id=actor.account_id, name=name.strip(), defaults={"filters": filters}
    )
    return view


def delete_view(*, actor: Actor, view_id: UUID | str) -> None:
    find(SavedView.objects, pk=view_id, account_id=actor.account_id).delete()
