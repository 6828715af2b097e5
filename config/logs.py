"""How a log line looks: one line, whatever an article or a header put into it."""

import logging

import structlog

from claims import request_ids


def line_formatter() -> logging.Formatter:
    """A formatter for standard-library and structlog records alike.

    Each line names the request or task it was written for; control characters are shown as escapes, so
    that fetched text can neither start a new log line nor colour a terminal.
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
            _with_request_id,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
            _in_one_line,  # type: ignore[list-item]  # after the renderer a line is a string
        ],
    )


def escaped(text: str) -> str:
    r"""The text with what is not printable as escapes: line breaks (those of Unicode too), terminal codes.

    >>> escaped("one\r\ntwo \x1b[31mred")
    'one\\r\\ntwo \\x1b[31mred'
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text
    )


def _with_request_id(
    _logger: structlog.types.WrappedLogger, _method: str, line: structlog.types.EventDict
) -> structlog.types.EventDict:
    if own := request_ids.current.get():
        line["request"] = own
    return line


def _in_one_line(_logger: structlog.types.WrappedLogger, _method: str, line: str) -> str:
    """After the renderer, which sees to line feeds and quotation marks only."""
    return escaped(line)
