"""What is logged, and how: one line of JSON a record in production, readable lines in the demo.

Nothing personal is logged. This project's own words are written so that they hold none. Of what libraries log, the
words and the numbers are kept and the text arguments are not: they are addresses, paths and values. Of an error its
kind, its code and where it happened are kept, never its message. What still looks personal is blanked at the end.
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from celery.signals import setup_logging

Event = MutableMapping[str, Any]

OURS = ("articles", "config", "django_structlog", "editorial", "reviews")
HIDDEN = "…"
MOST_FRAMES = 12
MOST_CAUSES = 5
PERSONAL = ("error", "exception", "reason", "stack_info")
"""Keys under which a library hands on text that people made."""

_LOOKS_PERSONAL = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # a mail address
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # IPv4
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])"  # IPv6
    r"|(?<=[\w/])\?[\w.%-]+=[^\s\"']*",  # a query string
    re.IGNORECASE,
)

_TASK = re.compile(r"(?:articles|editorial|reviews)\.tasks\.[a-z_]+")


def configured(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING, for every process; structlog is set up to go the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"config.logs.{'readable' if readable else 'json'}_lines"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "celery.app.trace": {"level": "CRITICAL"},  # django-structlog says the same, with the request's id
            "fido2": {"level": "WARNING"},  # else each passkey that is used, by its number
            # A refused request is answered in words; only what broke belongs in the log.
            "django.request": {"level": "ERROR"},
        },
    }


def json_lines() -> logging.Formatter:
    """For machines, and for eyes that may not see people's data."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            _words,
            *_COMMON,
            _failure,
            _without_personal,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def readable_lines() -> logging.Formatter:
    """With whole messages and tracebacks: the demo's people are made up."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[*_COMMON, structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)]
    )


@setup_logging.connect
def as_the_site_does(loglevel: int | str | None = None, **kwargs: Any) -> None:
    """Workers and beat log as the site does, not as Celery would have it; ``--loglevel`` still counts."""
    from django.conf import settings  # why: the settings import this module

    logging.config.dictConfig(settings.LOGGING)
    if loglevel:
        logging.getLogger().setLevel(loglevel)


def _words(logger: Any, method: str, event: Event) -> Event:
    """What a record says: ours with its arguments, that of a library with its numbers alone."""
    arguments = event.pop("positional_args", ())
    if event["_from_structlog"]:
        return event
    name = event["_record"].name
    if name.startswith("django.security"):
        event["event"] = "a suspicious request was refused"  # its words quote the request
    elif arguments:
        kept = arguments if name.partition(".")[0] in OURS else _numbers(arguments)
        try:
            event["event"] = event["event"] % kept
        except (TypeError, ValueError, KeyError):
            pass  # the words alone must do: a library counted its arguments wrongly
    return event


def _numbers(arguments: Any) -> Any:
    """The same arguments without whatever is neither a number nor the name of a task of ours."""
    if isinstance(arguments, dict):
        return {key: _kept(value) for key, value in arguments.items()}
    return tuple(_kept(value) for value in arguments)


def _kept(value: Any) -> Any:
    task = isinstance(value, str) and _TASK.fullmatch(value)
    return value if task or isinstance(value, int | float) else HIDDEN


def _place(logger: Any, method: str, event: Event) -> Event:
    """Which page an error happened on: by its route, since an address may hold a secret or a name."""
    request = getattr(event["_record"], "request", None)
    if request is not None:
        event["route"] = getattr(getattr(request, "resolver_match", None), "route", None) or HIDDEN
    return event


def _failure(logger: Any, method: str, event: Event) -> Event:
    """An error and its causes by kind, code and place. The message is left out: it quotes what people typed."""
    error, causes = _error_of(event), []
    while error is not None and len(causes) < MOST_CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        causes.append({"kind": type(error).__qualname__, "code": code_of(error), "where": where})
        error = error.__cause__ or error.__context__
    if causes:
        event["failure"] = causes
    return event


def _error_of(event: Event) -> BaseException | None:
    """Libraries hand on an error in several ways; django-structlog as ``exception``, too."""
    info = event.pop("exc_info", None)
    named = event.get("exception")
    info = sys.exc_info() if info is True else info
    error = info[1] if isinstance(info, tuple) else info
    return next((found for found in (error, named) if isinstance(found, BaseException)), None)


def code_of(error: BaseException) -> str | int | None:
    """What a database, a mail server or the system calls this error."""
    for name in ("sqlstate", "smtp_code", "errno"):
        value = getattr(error, name, None)
        if isinstance(value, str | int):
            return value
    return None


def _short(path: str) -> str:
    return "/".join(Path(path).parts[-3:])


def _without_personal(logger: Any, method: str, event: Event) -> Event:
    for key in PERSONAL:
        event.pop(key, None)
    return {key: _blanked(value) for key, value in event.items()}


def _blanked(value: Any) -> Any:
    return _LOOKS_PERSONAL.sub(HIDDEN, value) if isinstance(value, str) else value


_COMMON = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _place,
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
]
