"""Logs: one JSON line for an event, with the request's id and never personal data.

Only the fields named here leave the process; whatever else an event carries is dropped.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from crossing.kit.traces import name_trace

_ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "trace_id",
        "service",
        "port_id",
        "terminal_id",
        "officer",
        "examination_id",
        "revision",
        "method",
        "route",
        "status",
        "duration_ms",
        "problem",
        "error",
        "where",
        "count",
        "pack",
        "version",
        "digest",
        "address",
        "outcome",
        "action",
        "job_id",
        "kind",
        "attempts",
    }
)


def allow_listed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop every field that is not on the list."""
    return {key: value for key, value in event.items() if key in _ALLOWED}


class OfLibraries(logging.Handler):
    """Says which library has something to say, and not what: its text may hold what a person sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line with the library's logger and the type of the error, if there is one."""
        error = record.exc_info[0] if record.exc_info else None
        log().warning("library.warned", logger=record.name, error=error.__name__ if error else None)


def configure_logging(level: str = "INFO") -> None:
    """Send every log line of the process to standard error as JSON; of libraries, warnings and worse."""
    logging.basicConfig(handlers=[OfLibraries()], level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            name_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def log() -> Any:
    """The logger; events are named ``examination.opened``."""
    return structlog.get_logger()
