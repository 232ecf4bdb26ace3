"""Whether clocks agree, zones are known, and disks have room."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from editorial import clock
from editorial.doctor.findings import Finding, fault, fine, warning
from editorial.doctor.postgresql import DATABASE, asked
from editorial.models import User

SLIGHT_SECONDS, GRAVE_SECONDS = 2, 60
LOW_BYTES, FULL_BYTES = 1 << 30, 100 << 20
CLOCKS = "Have every host follow the same time: chrony or systemd-timesyncd."


def clocks() -> Iterator[Finding]:
    """Leases, due days and sign-in compare what different hosts wrote."""
    if connection.vendor == "postgresql":
        yield _apart("the database's", asked("SELECT clock_timestamp()"))
    else:
        yield fine("SQLite has none of its own")


def brokers_clock() -> Iterator[Finding]:
    if not settings.REDIS_URL.startswith(("redis", "unix")):
        yield fine("there is no Redis")
        return
    try:
        seconds, micro = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3).time()
    except redis.RedisError as problem:
        yield fault(f"Redis doesn't say what time it is ({type(problem).__name__})", "See broker, above.")
        return
    yield _apart("Redis'", datetime.fromtimestamp(seconds + micro / 1e6, tz=UTC))


def _apart(whose: str, there: datetime) -> Finding:
    seconds = abs((clock.now() - there).total_seconds())
    said = f"{whose} clock and this host's are {seconds:.1f} s apart"
    if seconds > GRAVE_SECONDS:
        return fault(said, CLOCKS)
    return warning(said, CLOCKS) if seconds > SLIGHT_SECONDS else fine(said)


def zones() -> Iterator[Finding]:
    """Due days end at midnight in people's own zones."""
    unknown = [name for name in sorted({settings.TIME_ZONE, *_used()}) if not _known(name)]
    if unknown:
        yield fault(f"this machine doesn't know {unknown[0]}", "Install tzdata (it is in requirements.txt).")
    else:
        yield fine("all that are used are known")


def _used() -> set[str]:
    try:
        return set(User.objects.order_by().values_list("time_zone", flat=True).distinct())
    except DatabaseError:
        return set()  # what can't be asked is told of elsewhere


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def disk() -> Iterator[Finding]:
    """Where this installation writes: beat's file, and what an operator keeps beside it."""
    folder = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free >> 20} MiB are free at {folder.name or folder}"
    todo = "Make room, or move backups and anchors to a disk of their own."
    if free < FULL_BYTES:
        yield fault(said, todo)
    else:
        yield warning(said, todo) if free < LOW_BYTES else fine(said)


EXAMINATIONS = (
    ("clocks", clocks, DATABASE),
    ("broker's clock", brokers_clock, ""),
    ("time zones", zones, ""),
    ("disk", disk, ""),
)
