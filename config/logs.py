"""How a log line looks: one line, whatever an article or a header put into it."""

import logging

import structlog


def line_formatter() -> logging.Formatter:
    """A formatter for standard-library and structlog records alike.

    Values are rendered with `repr` where they hold control characters, so that fetched text
    can neither start a new log line nor colour a terminal.
    """
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ],
    )
