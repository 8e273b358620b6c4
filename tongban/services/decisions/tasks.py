"""What runs by the clock for automatic decisions. Cron is in UTC; the offices' day begins at 16:00 of the day before."""

from tongban.foundation.tasks.actions import periodic

from .actions import draw_checks


@periodic("decisions.draw", "55 16 * * *")
def draw() -> None:
    draw_checks()
