"""What a log may say of a fault: its kind and where in the house it came up, never its words, which may tell of somebody."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

HOUSE = str(Path(__file__).parents[2]) + "/"
DEEPEST = 3  # places of ours, the innermost first


def what_broke(error: BaseException | None) -> dict[str, str]:
    """The kind of a fault, where it came up and, of a database's, its SQLSTATE and the constraint."""
    if error is None:
        return {}
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(HOUSE)] or frames
    places = [f"{frame.filename.removeprefix(HOUSE)}:{frame.lineno} {frame.name}" for frame in ours[-DEEPEST:]]
    said = {"broke": f"{type(error).__module__}.{type(error).__name__}", "at": " < ".join(reversed(places))}
    return said | _of_the_database(error.__cause__ or error)


def _of_the_database(error: BaseException) -> dict[str, str]:
    """PostgreSQL's sentences carry values (`Key (…)=(…) already exists`); its codes and names carry none."""
    diag = getattr(error, "diag", None)
    told = {"sqlstate": getattr(error, "sqlstate", None), "constraint": getattr(diag, "constraint_name", None)}
    return {name: str(value) for name, value in told.items() if value}
