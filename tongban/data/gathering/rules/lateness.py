"""Whose turn it is when data are late: the department's whose source it is, or the platform's. Pure."""

from __future__ import annotations

DEPARTMENT, PLATFORM = "department", "platform"
# What stopped the last run → whose it is to mend.
FAULTS = {
    "gathering.source_away": (DEPARTMENT, "away"),
    "gathering.source_unreadable": (DEPARTMENT, "unreadable"),
    "gathering.source_refused": (DEPARTMENT, "away"),
    "gathering.shape_changed": (DEPARTMENT, "asking"),
    "lake.batch_broken": (DEPARTMENT, "mapping"),
}
STATES = {"running": (PLATFORM, "running"), "paused": (DEPARTMENT, "paused"), "done": (PLATFORM, "not_begun")}


def whose(*, asking: bool, run_state: str = "", fault: str = "") -> tuple[str, str]:
    """(who, why) of a job that is late, by its newest run. A run that never began is the platform's."""
    if asking:
        return DEPARTMENT, "asking"
    if run_state == "failed":
        return FAULTS.get(fault, (PLATFORM, "failed"))
    return STATES.get(run_state, (PLATFORM, "not_begun"))
