"""The few ways to say no. Rooms subclass them; `web` turns them into a page or a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    """One reason for a refusal: a stable `code`, a sentence for the person, and the `field` it stands beside, if any."""

    code: str
    text: Any
    field: str = ""


class TongbanError(Exception):
    """A refusal with a stable code, an HTTP status, a sentence, and every reason at once."""

    code = "error"
    status = 400
    title: Any = _("无法完成这个操作。")

    def __init__(self, text: Any = None, *, reasons: list[Reason] | None = None, **details: Any) -> None:
        self.text = text or self.title
        self.reasons = list(reasons or [])
        self.details = details
        super().__init__(str(self.text))

    @property
    def fields(self) -> dict[str, list[Any]]:
        """Sentences by field, for showing each beside what it is about."""
        by_field: dict[str, list[Any]] = {}
        for reason in self.reasons:
            by_field.setdefault(reason.field, []).append(reason.text)
        return by_field

    def named(self, labels: Mapping[str, Any]) -> TongbanError:
        """The same refusal, each sentence after what people call its field: for a summary, where the field is not at hand."""
        told = copy(self)
        told.reasons = [
            replace(one, text=_("%(field)s：%(text)s") % {"field": labels[one.field], "text": one.text})
            if one.field in labels
            else one
            for one in self.reasons
        ]
        return told


class NotSignedIn(TongbanError):
    code, status, title = "not_signed_in", 401, _("请先登录。")


class NotAllowed(TongbanError):
    code, status, title = "not_allowed", 403, _("您没有办理这项操作的权限。")


class NotCleared(NotAllowed):
    """He may do this, but not with data of this grade."""

    code = "not_cleared"
    title = _("这些数据的级别高于您的数据访问级别。工作需要的，请安全管理员给您调整。")


class ProofNeeded(TongbanError):
    """Before what binds others: whoever acts shows again who he is at `/account/prove/`, then does the same once more."""

    code, status, title = "proof_needed", 403, _("这一步很重要，请先再验证一次，确认是您本人。")


class NotFound(TongbanError):
    code, status, title = "not_found", 404, _("没有找到，可能已被移走，或不属于您。")


class Conflict(TongbanError):
    """Somebody else was faster, or the thing is no longer in the state the person saw."""

    code, status, title = "conflict", 409, _("这项内容刚刚被改动过，请刷新后再试。")


class Refused(TongbanError):
    """A rule says no; `reasons` lists every one that does."""

    code, status, title = "refused", 422, _("有内容需要更正。")


class Unfit(Refused):
    """What the database would not hold: never raised, what is told when no rule had spoken of it. Nothing was kept."""

    code, title = "unfit", _("有一项内容太长，或者不是能保存的日期、数字。什么也没有改动，请更正后再试。")


class TooMany(TongbanError):
    code, status, title = "too_many", 429, _("操作过于频繁，请稍后再试。")


class Unavailable(TongbanError):
    """An outside system or a part of ours does not answer now."""

    code, status, title = "unavailable", 503, _("服务暂时不可用，您填写的内容已保留，请稍后再试。")


class Broken(TongbanError):
    """A fault of ours, never raised: what is told when something else was."""

    code, status, title = "internal", 500, _("系统出了故障，已经记录下来，请稍后再试。")
