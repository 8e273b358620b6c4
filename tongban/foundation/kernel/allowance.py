"""How often one caller has asked in a minute. Counted by each server process for itself: cheap on purpose."""

from __future__ import annotations

import time

MOST_CALLERS = 20_000


class Allowance:
    """A count for each caller, begun anew when his window is over."""

    def __init__(self, seconds: float = 60) -> None:
        self.seconds = seconds
        self._windows: dict[str, list[float]] = {}  # caller: [end of his window, calls in it]

    def counted(self, caller: str) -> tuple[int, int]:
        """Calls of this caller in his window, this one included, and the seconds until it is over."""
        now = time.monotonic()
        held = self._windows.get(caller)
        if held is None or held[0] <= now:
            if len(self._windows) >= MOST_CALLERS:
                self._windows.clear()
            held = self._windows[caller] = [now + self.seconds, 0]
        held[1] += 1
        return int(held[1]), int(held[0] - now) + 1

    def clear(self) -> None:
        self._windows.clear()
