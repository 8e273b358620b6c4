"""How drafts say no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused


class DraftNotFound(NotFound):
    code, title = "drafting.not_found", _("没有找到这份草稿，或者您无权查看。")


class DraftClosed(Conflict):
    code, title = "drafting.closed", _("这份草稿现在不能修改：它正在审核、已经办完，或者在回收站里。")


class DraftUnderWay(Conflict):
    """There is an open draft of the same thing; `details["draft_id"]` says which."""

    code, title = "drafting.under_way", _("这份内容已经有一份草稿正在编制，请在那一份里继续。")


class EditConflict(Conflict):
    """Somebody changed the same place meanwhile. `conflicts`: path, by (a name), at, theirs, mine."""

    code, title = "drafting.conflict", _("同一处内容刚刚被别人改过，请看看两边的内容再决定。")

    def __init__(self, *args: Any, conflicts: list[dict[str, Any]] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.conflicts = conflicts or []


class EditRefused(Refused):
    code, title = "drafting.bad_edit", _("这次改动与草稿对不上，没有保存。请刷新页面后再试。")


class NothingToUndo(Conflict):
    code, title = "drafting.nothing_to_undo", _("没有可以撤销或重做的改动了。")


class CommentRefused(Refused):
    code, title = "drafting.bad_comment", _("批注没有写上，请按提示更正。")
