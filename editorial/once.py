"""Questions that are asked many times over, answered once: while a page is made, or a verb's checks run.

A verb writes nothing inside: what it asks after its first write, it asks afresh.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

F = TypeVar("F", bound=Callable[..., Any])

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """For what changes nothing: each question marked ``once`` is asked of the database once inside.

    Inside another, its answers are shared.
    """
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


class AskingOnce:
    """Every page of the desk is made with each question asked once: what is only looked at changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with asking_once() if request.method in ("GET", "HEAD") else nullcontext():
            return self.get_response(request)


def once(question: F) -> F:
    """Remember the answers to ``question`` inside ``asking_once``; elsewhere it is asked each time."""

    @functools.wraps(question)
    def ask(*about: Any, **more: Any) -> Any:
        answers = _answers.get()
        if answers is None:
            return question(*about, **more)
        key = (question, *map(_name, about), *((name, _name(value)) for name, value in sorted(more.items())))
        if key not in answers:
            answers[key] = question(*about, **more)
        return answers[key]

    return ask  # type: ignore[return-value]


def know(question: Callable[[Any], Any], about: Any, answer: Any) -> None:
    """Answer a question marked ``once`` beforehand, with what was read for many at once.

    Raises RuntimeError outside ``asking_once``: nobody would ever look at it.
    """
    answers = _answers.get()
    if answers is None:
        raise RuntimeError("answers are kept inside asking_once alone")
    answers[(question.__wrapped__, _name(about))] = answer  # type: ignore[attr-defined]


def _name(value: Any) -> Any:
    """Two instances of one row are the same; one that isn't stored yet is only itself."""
    if not isinstance(value, models.Model):
        return value
    return (value._meta.label, value.pk) if value.pk is not None else id(value)
