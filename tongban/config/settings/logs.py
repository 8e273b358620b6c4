"""Logs: one JSON object a line on standard output, without personal data (docs/operations.md)."""

import os
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from tongban.foundation.kernel.broken import what_broke

from .base import DEBUG

LOG_FORMAT = os.environ.get("TONGBAN_LOG_FORMAT", "text" if DEBUG else "json")  # json or text
# Which requests leave a line: all, or the slow and the broken ones.
LOG_REQUESTS = os.environ.get("TONGBAN_LOG_REQUESTS", "slow")  # slow or all

# Nothing of ours logs an ID number, a phone or an address on purpose; this catches what a library might carry along.
PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|1[3-9]\d{9}|[\w.+-]+@[\w-]+\.[\w.]+)(?![0-9A-Za-z])")


def hide_personal(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Black out what looks like an ID number, a mobile number or an e-mail address, wherever it stands."""
    return {key: PERSONAL.sub("***", value) if isinstance(value, str) else value for key, value in event.items()}


def tell_what_broke(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception by its kind and place. Its words and its traceback may hold anything: only a developer sees them."""
    raised = event.get("exc_info")
    error = raised[1] if isinstance(raised, tuple) else raised
    if not isinstance(error, BaseException) or DEBUG:
        return event
    del event["exc_info"]
    return {**event, **what_broke(error)}


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    tell_what_broke,
    structlog.processors.format_exc_info,
    hide_personal,
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

_WRITTEN: dict[str, Any] = {
    "json": structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    "text": structlog.dev.ConsoleRenderer(colors=False),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _WRITTEN[LOG_FORMAT]],
        }
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "tongban": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 404 or 403 is an answer, not news
    },
}
