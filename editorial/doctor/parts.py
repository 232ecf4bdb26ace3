"""Whether broker, cache, clock, workers and mail server do what they are for."""

import math
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection

from editorial import clock, health
from editorial.doctor.findings import Finding, fault, fine, warning

BROKER_SECONDS = 3
HERE = ("localhost", "127.0.0.1", "::1")
SIGNS = (
    ("the clock", health.clock_age, "Start a worker and beat: a worker answers what beat rings for."),
    ("beat", health.beat_age, "Start `celery -A config beat`, under something that starts it again."),
    ("a worker", health.worker_age, "Start `celery -A config worker`, under something that starts it again."),
)


def broker() -> Iterator[Finding]:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as line:
            line.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except Exception as problem:  # each transport raises errors of its own, and all of them mean the same
        yield fault(
            f"it can't be reached ({type(problem).__name__})",
            "Look whether Redis runs, and whether REDIS_URL names it. Nothing is lost meanwhile: rows are the queue.",
        )
    else:
        yield fine("it answers")


def cached() -> Iterator[Finding]:
    """What is set comes back: limits on sign-in are counted there."""
    name, value = f"doctor:{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        cache.set(name, value, 30)
        found = cache.get(name)
        cache.delete(name)
    except Exception as problem:  # each backend raises errors of its own, and all of them mean the same
        yield fault(
            f"it can't be reached ({type(problem).__name__})", "Look whether REDIS_URL names a Redis that runs."
        )
        return
    if found != value:
        yield fault("what was set doesn't come back", "Look whether Redis is full (maxmemory), or read-only.")
    elif "LocMem" in settings.CACHES["default"]["BACKEND"] and settings.PRODUCTION:
        yield fault("each process has a cache of its own, so limits don't hold", "Set REDIS_URL.")
    else:
        yield fine("what is set comes back")


def signs_of_life() -> Iterator[Finding]:
    now = clock.now()
    for name, age_of, todo in SIGNS:
        age = age_of(now)
        if math.isnan(age):
            yield fault(f"{name} never gave a sign of life", todo)
        elif not health.is_alive(now - timedelta(seconds=age), now):
            yield fault(f"{name} gave its last sign of life {age:.0f} s ago", todo)
        else:
            yield fine(f"{name}: {age:.0f} s ago")


def outbox() -> Iterator[Finding]:
    now = clock.now()
    if health.mail_held(now):
        yield warning("all mail is held", "`manage.py outbox status` says why, `manage.py outbox release` lets it go.")
    elif health.outbox_age(now) > health.LATE_MAIL.total_seconds():
        yield fault(
            f"the oldest mail has been due for {health.outbox_age(now):.0f} s",
            "Look at the mail server below, then at the worker's log.",
        )
    if parked := health.parked_mails(now):
        yield warning(f"{parked:.0f} mails are parked", "A chief editor tries them again or discards them at the desk.")
    yield fine(f"{health.outbox_waiting(now):.0f} mails wait")


def mail_server() -> Iterator[Finding]:
    """Connect, EHLO, TLS and sign-in, as a worker would. Sends nothing."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield fine("mail goes nowhere: there is no mail server outside of production")
        return
    line = get_connection(timeout=10)
    try:
        line.open()
    except Exception as problem:  # whatever it throws is put into words
        yield fault(_said(problem), "Look at EMAIL_URL: smtp+tls://user:password@host:587.")
        return
    finally:
        line.close()
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST not in HERE:
        yield warning("it is spoken to without TLS", "Begin EMAIL_URL with smtp+tls:// or smtps://.")
    who = "with" if settings.EMAIL_HOST_USER else "without"
    yield fine(f"it greets and takes us, {who} an account")


def test_mail(address: str) -> Iterator[Finding]:
    """Send one mail, now."""
    text = "This mail was sent by `manage.py doctor --send-to`. Mail works."
    try:
        EmailMessage(f"{settings.SITE_NAME}: a test", text, to=[address]).send()
    except Exception as problem:  # whatever it throws is put into words
        yield fault(_said(problem), "Look at EMAIL_URL, MAIL_FROM and the mail server's log.")
    else:
        yield fine("the mail server took a mail; look whether it arrives, and not as spam")


def _said(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return f"it refuses our account ({problem.smtp_code})"
    if isinstance(problem, ssl.SSLError):
        return "its certificate isn't one that this machine trusts"
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return "it doesn't know STARTTLS or no way to sign in"
    code = getattr(problem, "smtp_code", None)
    return f"it can't be used ({type(problem).__name__}{f' {code}' if code else ''})"


EXAMINATIONS = (
    ("broker", broker, ""),
    ("cache", cached, ""),
    ("signs of life", signs_of_life, "migrations"),
    ("outbox", outbox, "migrations"),
    ("mail server", mail_server, ""),
)
