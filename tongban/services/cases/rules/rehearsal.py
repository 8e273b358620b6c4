"""A made-up case taken through a flow before anybody real is: every step, whose it is, by when, and whether it ends in time.

A rehearsal may be kept with the flow: it expects what came out when it was recorded, and is run again at every change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .flow import ACCEPTING, Holds, Part, Stage, always, stages_of
from .results import Result
from .states import Given, Standing, State, moved, obstacles

AddDays = Callable[[date, int], date]  # working days of the body's calendar
CORRECTED_WITHIN = 5  # working days the made-up applicant takes
EVENTS = ("correction", "special", "extension", "send_back", "refused")
LONGEST = 200


@dataclass(frozen=True)
class Step:
    """One thing done: what, in which stage, by which desk, on the last day there was for it."""

    verb: str
    on: date
    stage: str = ""
    department: str = "self"
    post: str = ""
    note: str = ""
    key: str = ""  # of the stage
    window: str = ""  # hall and number of the counter, where there is one

    @property
    def told(self) -> dict[str, str]:
        """What a kept rehearsal remembers of it."""
        told = {"verb": self.verb, "stage": self.key, "name": self.stage, "department": self.department}
        return told | {"post": self.post, "window": self.window}


@dataclass(frozen=True)
class Rehearsal:
    """How it went. `obstacles` is what stopped it, empty when the case ended."""

    steps: tuple[Step, ...]
    due_on: date | None
    decided_on: date | None
    ended_on: date | None
    obstacles: tuple[str, ...] = ()

    @property
    def is_in_time(self) -> bool:
        return bool(self.decided_on and self.due_on and self.decided_on <= self.due_on)


@dataclass
class _Course:
    """The case as it goes on. Every desk takes all the time it has."""

    standing: Standing
    on: date
    add: AddDays
    steps: list[Step] = field(default_factory=list)
    due_on: date | None = None
    decided_on: date | None = None
    stopped: tuple[str, ...] = ()

    def do(
        self,
        verb: str,
        days: int = 0,
        *,
        post: str = "",
        department: str = "self",
        note: str = "",
        window: str = "",
        **given: Any,
    ) -> bool:
        """Do a verb at the end of `days`; False when something stands in the way."""
        if self.stopped:
            return False
        words = Given(reasons="x", by=f"{department}/{post}", **given)
        if found := obstacles(self.standing, verb, words):
            self.stopped = (verb, *found)
            return False
        self.on = self.add(self.on, days)
        key = self.standing.stage
        name = next((stage.name for stage in self.standing.stages if stage.key == key), "")
        self.steps.append(Step(verb, self.on, name, department, post, note, key, window))
        self.standing = moved(self.standing, verb, words)
        return True


def rehearse(
    content: Mapping[str, Any], events: Iterable[str], started_on: date, add: AddDays, holds: Holds = always
) -> Rehearsal:
    """Take a made-up case through a definition's flow, with the events that are to come about.

    `holds` says which conditions are met by its answers.
    """
    flow, happening = content.get("flow") or {}, set(events)
    kind = str(content.get("project_type") or "2")
    course = _Course(Standing(stages=stages_of(flow, holds), project_type=kind), started_on, add)
    course.steps.append(Step("submit", started_on, post="applicant"))
    _accept(course, flow.get("accept") or {}, happening)
    promise = content.get("promise") or {}
    if not course.stopped:
        course.due_on = add(course.on, int(promise.get("days") or 0))
    _through(course, content, happening)
    _hand_out(course)
    return Rehearsal(
        steps=tuple(course.steps),
        due_on=course.due_on,
        decided_on=course.decided_on,
        ended_on=course.on if course.standing.state is State.CLOSED else None,
        obstacles=course.stopped,
    )


def _accept(course: _Course, accept: Mapping[str, Any], happening: set[str]) -> None:
    post, days = str(accept.get("post") or "clerk"), int(accept.get("limit_days") or 0)
    course.do("receive", post=post)
    if "correction" in happening:
        course.do("ask_correction", days, post=post)
        course.do("supply_correction", CORRECTED_WITHIN, post="applicant")
    course.do("accept", days, post=post)


def _through(course: _Course, content: Mapping[str, Any], happening: set[str]) -> None:
    left = set(happening)
    while (
        not course.stopped
        and course.standing.state in (State.ACCEPTED, State.REVIEWING)
        and len(course.steps) < LONGEST
    ):
        stage = _stage_of(course)
        if stage is None:
            course.stopped = ("no_stage",)
        elif stage.kind == "review":
            _events(course, content, left, stage)
            _review(course, stage)
        else:
            _events(course, content, left, stage)
            _decide(course, stage, left)


def _stage_of(course: _Course) -> Stage | None:
    key = course.standing.stage
    return next((stage for stage in course.standing.stages if stage.key == key and key != ACCEPTING), None)


def _events(course: _Course, content: Mapping[str, Any], left: set[str], stage: Stage) -> None:
    """What stops the clock or makes it longer comes about once, where the case first is in the flow."""
    special = next(iter(content.get("special_procedures") or ()), None)
    if "special" in left and special is not None:
        days = int(special.get("limit_days") or 0)
        post = stage.parts[0].post
        course.do("suspend", post=post, note=str(special.get("name") or ""))
        course.do("resume", days, post=post, note=str(special.get("name") or ""))
        course.due_on = course.add(course.due_on, days) if course.due_on else None
    extension = content.get("extension") or {}
    if "extension" in left and extension.get("days"):
        course.do("extend", post="dept_head", today=course.on, due_on=course.due_on)
        course.due_on = course.add(course.due_on, int(extension["days"])) if course.due_on else None
    left -= {"special", "extension"}


def _review(course: _Course, stage: Stage) -> None:
    """Parts side by side: each has the whole limit, all end on the same day."""
    began, ends = course.on, []
    for part in sorted(stage.parts, key=lambda part: part.department == "self"):
        course.on = began
        verb = "review" if part.department == "self" else "give_opinion"
        course.do(verb, stage.limit_days, post=part.post, department=part.department, window=_window(part))
        ends.append(course.on)
    course.on = max(ends, default=began)


def _decide(course: _Course, stage: Stage, left: set[str]) -> None:
    post = stage.parts[0].post
    reviews = any(other.kind == "review" for other in course.standing.stages)
    if "send_back" in left and reviews:
        left.discard("send_back")
        course.do("send_back", stage.limit_days, post=post)
        return
    result = Result.REFUSED if "refused" in left else Result.GRANTED
    window = _window(stage.parts[0])
    if course.do("decide", stage.limit_days, post=post, window=window, result=result, note=str(result)):
        course.decided_on = course.on


def _hand_out(course: _Course) -> None:
    for kind, verb in (("certify", "certify"), ("deliver", "deliver")):
        stage = next((stage for stage in course.standing.stages if stage.kind == kind), None)
        if stage is None or (kind == "certify" and not course.standing.must_certify):
            continue
        course.do(verb, stage.limit_days, post=stage.parts[0].post, window=_window(stage.parts[0]))
    course.do("close", post="clerk")


def _window(part: Part) -> str:
    return " ".join(word for word in (part.hall, part.window) if word)


def with_days(add: AddDays) -> AddDays:
    """Nothing to add is the same day, even where that day is no working day."""
    return lambda day, days: add(day, days) if days else day


# --- kept with the flow ---------------------------------------------------------------------------------------------------


def expectation(found: Rehearsal) -> dict[str, Any]:
    """What a kept rehearsal expects from now on: just what came out."""
    return {
        "ends": found.ended_on is not None,
        "in_time": found.is_in_time,
        "course": [step.told for step in found.steps],
    }


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was recorded: a code, and what its sentence needs."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


def changes_to(expect: Mapping[str, Any], found: Rehearsal) -> list[Change]:
    """In what a rehearsal comes out otherwise than it was recorded; names of stages may change."""
    now, told = expectation(found), list(expect.get("course") or ())
    before, after = [_same(step) for step in told], [_same(step) for step in now["course"]]
    changes = [
        Change(f"{'now' if now[name] else 'no_longer'}_{name}")
        for name in ("ends", "in_time")
        if bool(expect.get(name)) != now[name]
    ]
    changes += [Change("gone", step) for step, same in zip(told, before, strict=True) if same not in after]
    changes += [Change("come", step) for step, same in zip(now["course"], after, strict=True) if same not in before]
    if before != after and set(before) == set(after):
        changes.append(Change("order" if len(before) == len(after) else "times"))
    return changes


def _same(told: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(told.get(name) or "") for name in ("verb", "stage", "department", "post", "window"))


__all__ = [
    "EVENTS",
    "AddDays",
    "Change",
    "Rehearsal",
    "Step",
    "changes_to",
    "expectation",
    "rehearse",
    "with_days",
]
