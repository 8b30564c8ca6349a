"""Logs: one JSON line per warning, with neither local variables nor the rows of a failed query."""

from __future__ import annotations

import structlog
from structlog.tracebacks import ExceptionDictTransformer


class FramesOnly(ExceptionDictTransformer):
    """Where it failed, and the first line of what was said.

    PostgreSQL's further lines quote the row ("Failing row contains …").
    """

    def __init__(self) -> None:
        super().__init__(show_locals=False, use_rich=False, max_frames=30)

    def _as_dict(self, trace):
        stacks = super()._as_dict(trace)
        for stack in stacks:
            stack["exc_value"] = stack["exc_value"].partition("\n")[0][:300]
            stack["exc_notes"] = []
        return stacks


def logging_config() -> dict:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.add_log_level],
                "processors": [
                    structlog.stdlib.add_logger_name,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.ExceptionRenderer(FramesOnly()),
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.request": {"level": "ERROR"},  # a 404 is an answer, not an event
        },
    }
