"""When something is red: the limits that the operators' page, the alerts and docs/operations.md share."""

from __future__ import annotations

from dataclasses import dataclass

GREEN, YELLOW, RED = "green", "yellow", "red"
DAY = 86_400


@dataclass(frozen=True)
class Limit:
    """Yellow from `warn` on, red from `bad` on; `falling`: the less, the worse."""

    warn: float
    bad: float
    falling: bool = False

    def lamp(self, value: float) -> str:
        reached = (lambda limit: value <= limit) if self.falling else (lambda limit: value >= limit)
        return RED if reached(self.bad) else YELLOW if reached(self.warn) else GREEN


# By the name of the measure.
LIMITS = {
    "tongban_jobs_oldest_seconds": Limit(300, 1800),
    "tongban_jobs_failed": Limit(1, 20),
    "tongban_processes": Limit(0, 0, falling=True),
    "tongban_notices_oldest_seconds": Limit(900, 7200),
    "tongban_sign_ins_failed_recently": Limit(50, 300),
    "tongban_database_connections_ratio": Limit(0.7, 0.9),
    "tongban_database_longest_transaction_seconds": Limit(60, 600),
    "tongban_database_waiting_for_locks": Limit(5, 20),
    "tongban_database_oldest_xid": Limit(500_000_000, 1_000_000_000),
    "tongban_standby_behind_seconds": Limit(30, 300),
    "tongban_backup_age_seconds": Limit(1.25 * DAY, 2 * DAY),
    "tongban_backup_carried_seconds": Limit(60, 600),
    "tongban_backup_log_behind_bytes": Limit(256 << 20, 2 << 30),
    "tongban_drill_age_seconds": Limit(35 * DAY, 70 * DAY),
    "tongban_drill_differing": Limit(1, 1),
    "tongban_certificate_days_left": Limit(30, 7, falling=True),
    "tongban_clock_skew_seconds": Limit(0.5, 5),
    "tongban_clock_synchronised": Limit(0, -1, falling=True),
    "tongban_disk_free_ratio": Limit(0.2, 0.08, falling=True),
}


def lamp(name: str, value: float) -> str:
    return LIMITS[name].lamp(value) if name in LIMITS else GREEN


@dataclass(frozen=True)
class Measure:
    """One number of the house, by the name Prometheus knows it by. Labels come from short, closed lists."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def lamp(self) -> str:
        return lamp(self.name, self.value)


def measure(name: str, value: float, **labels: str) -> Measure:
    return Measure(f"tongban_{name}", float(value), tuple(sorted(labels.items())))
