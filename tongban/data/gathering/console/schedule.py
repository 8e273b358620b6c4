"""When a job runs, as it is typed into a form. What cannot be read is refused, all of it at once; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import JobRefused
from tongban.data.gathering.rules import DAYS
from tongban.foundation.kernel.errors import Reason

TOLD: Mapping[str, Any] = {
    "every": _("请选多久归集一次。"),
    "week": _("每周归集，请填星期几：1到7，1是星期一。"),
    "month": _("每月归集，请填几号：1到31；没有这一天的月份在最后一天。"),
    "missing": _("请填几点开始。"),
    "time": _("时间要写成 02:30 这样。"),
    "half": _("可以读的时间，从几点到几点要一起填；两个都不填就不限。"),
    "same": _("可以读的时间，从几点和到几点不能一样。"),
    "number": _("每秒最多几行要填1到9999999的整数，不限就不填。"),
}
LAST_DAY = {"week": 7, "month": 31}
FIELDS = ("every", "day", "starts_at", "opens", "closes", "rows_a_second")


def schedule_of(typed: Mapping[str, Any]) -> dict[str, Any]:
    """How often and when it begins, within which window, and how fast. Raises `JobRefused` with every reason."""
    said = {name: str(typed.get(name, "")).strip()[:20] for name in FIELDS}
    times = {name: _time(said[name]) for name in ("starts_at", "opens", "closes")}
    faults = [("time", name) for name, found in times.items() if said[name] and found is None]
    faults += [("missing", "starts_at")] if not said["starts_at"] else []
    faults += [("half", "closes" if said["opens"] else "opens")] if bool(said["opens"]) != bool(said["closes"]) else []
    faults += [("same", "closes")] if times["opens"] is not None and times["opens"] == times["closes"] else []
    speed = said["rows_a_second"]
    readable = not speed or (speed.isascii() and speed.isdecimal() and 0 < int(speed) < 10**7)
    faults += [] if readable else [("number", "rows_a_second")]
    every, day = said["every"] or "day", said["day"] if said["day"].isascii() and said["day"].isdecimal() else "0"
    faults += [("every", "every")] if every not in DAYS else []
    faults += [(every, "day")] if every in LAST_DAY and not 0 < int(day) <= LAST_DAY[every] else []
    if faults:
        raise JobRefused(reasons=[Reason(code, TOLD[code], field) for code, field in faults])
    own = {"every": every, "day": int(day) if every in LAST_DAY else 0}
    return {**own, **times, "rows_a_second": int(speed or 0)}


def _time(text: str) -> time | None:
    try:
        found = parse_time(text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found and found.tzinfo is None else None
