"""The end of the audit chain, signed every minute with a key that the database doesn't have.

A chain alone can be cut at its end, or made anew from any event on. Whoever holds the database doesn't hold the key and
the file of anchors: what the chain was, minute by minute, stands there.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import audit, clock, health, outbox
from editorial.anchor_lines import Anchor, Fault, line_hash, parsed, public_of, read, signed
from editorial.audit import Problem
from editorial.models import AuditEvent, AuditHead, OutboxMessage, User

EVERY = timedelta(seconds=50)
"""Two workers that are rung in the same minute sign once; a clock that ticks a little early still signs."""

STALE = timedelta(minutes=5)
NAME = health.ANCHOR
KIND = "anchor"
TAIL = 4096
"""A line has about 400 bytes."""


class Unusable(Exception):
    """The key or the file of anchors can't be used; the message says why and what to do."""


def lacking() -> str:
    """Why nothing is signed here, in words; empty where it is."""
    names = [name for name in ("AUDIT_KEY_FILE", "ANCHOR_FILE") if not getattr(settings, name)]
    if names:
        return f"not signed: {' and '.join(names)} {'isn’t' if len(names) == 1 else 'aren’t'} set"
    return ""


def private_key() -> Ed25519PrivateKey:
    """Raises Unusable."""
    path = Path(settings.AUDIT_KEY_FILE)
    try:
        if path.stat().st_mode & 0o077:
            raise Unusable(f"{path} can be read by others than its owner; run `chmod 600 {path}`.")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as problem:
        raise Unusable(f"AUDIT_KEY_FILE can't be read: {problem}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unusable(f"{path} holds another kind of key; `manage.py make_audit_key` makes the right one.")
    return key


def sign(now: datetime) -> bytes | None:
    """Add a line to the file of anchors, unless one was added within the minute. Raises Unusable."""
    if lacking():
        return None
    key = private_key()
    try:
        with open(settings.ANCHOR_FILE, "a+b", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go of when it is closed
            last, whole = _last_line(file)
            said = parsed(last) if last else None
            if said and now - EVERY < datetime.fromisoformat(said["at"]) <= now:
                return None
            head = AuditHead.objects.get(pk=1)
            at = audit.plain(now)
            previous = line_hash(last) if last else AuditEvent.GENESIS
            line = signed(key, sequence=head.sequence, hash=head.hash, at=at, previous=previous)
            file.write((b"" if whole else b"\n") + line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise Unusable(f"ANCHOR_FILE can't be written: {problem}") from None
    health.beat(NAME, now)
    _mail(line, now)
    return line


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o640)


def _last_line(file: BinaryIO) -> tuple[bytes, bool]:
    """The last line without its line feed, and whether it had one: a writer may have been stopped in the middle."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - TAIL))
    tail = file.read()
    return tail.rstrip(b"\n").rpartition(b"\n")[2], not tail or tail.endswith(b"\n")


def _mail(line: bytes, now: datetime) -> None:
    """Once a day to ``ANCHOR_MAIL``, whoever signs: a copy where nobody here can change it."""
    if not settings.ANCHOR_MAIL:
        return
    day = clock.day_in(User.system().zone, now)
    text = _("The signed end of the record. Keep this mail. %(line)s") % {"line": line.decode()}
    _news, message = outbox.drafted(KIND, User.system(), now=now, text=text, path="/admin/editorial/auditevent/")
    message.once_key = f"{KIND}:{day}"
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)  # why: one a day, whoever was first


def age(now: datetime) -> float:
    """Seconds since the end of the record was last signed; NaN when it never was."""
    return health.age_of(NAME, now)


def readiness(now: datetime) -> str:
    """How signing stands, for ``/readyz``: in words where nothing is signed."""
    return lacking() or ("ok" if age(now) < STALE.total_seconds() else "degraded")


def problems(files: Iterable[Path] = (), public: bytes = b"") -> Iterator[Problem]:
    """Hold the chain against these files of anchors, else against the settings' own. Raises Unusable."""
    files = list(files)
    if not files:
        if lacking() or not Path(settings.ANCHOR_FILE).exists():
            return
        files, public = [Path(settings.ANCHOR_FILE)], public_of(private_key())
    for path in files:
        try:
            with path.open("rb") as lines:
                yield from _held_against(path.name, read(lines, public))
        except OSError as problem:
            raise Unusable(f"{path} can't be read: {problem}") from None


def _held_against(name: str, found: Iterator[Anchor | Fault]) -> Iterator[Problem]:
    head = AuditHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0
    batch: list[Anchor] = []
    told: set[str] = set()
    for one in found:
        if isinstance(one, Fault):
            yield Problem(f"{name}, line {one.number}", one.message)
            continue
        batch.append(one)
        if len(batch) >= 1000:
            yield from _batch_problems(name, batch, head, told)
            batch = []
    yield from _batch_problems(name, batch, head, told)


def _batch_problems(name: str, batch: list[Anchor], head: int, told: set[str]) -> Iterator[Problem]:
    """The first anchor that the chain doesn't meet, for each way not to meet it: those after it follow from it."""
    hashes = dict(
        AuditEvent.objects.filter(pk__in={anchor.sequence for anchor in batch}).values_list("sequence", "hash")
    )
    hashes[0] = AuditEvent.GENESIS
    for anchor in batch:
        known = hashes.get(anchor.sequence)
        signed_as = f"line {anchor.number} of {name}, signed at {anchor.at}"
        if known is None and anchor.sequence > head:
            kind, said = "cut", f"the chain was cut: it ends at {head}, and {signed_as}, names {anchor.sequence}"
        elif known is None:
            kind, said = "gone", f"this event is gone, and {signed_as}, names it"
        elif known != anchor.hash:
            kind, said = "rewritten", f"the chain was made anew: this isn't the event of {signed_as}"
        else:
            continue
        if kind not in told:
            told.add(kind)
            yield Problem(f"AuditEvent {anchor.sequence}", said)


def around(numbers: list[int]) -> list[str]:
    """The lines that cover these events: for each the first that names it or a later one. For a dossier."""
    path = Path(settings.ANCHOR_FILE or "/nowhere")
    if not numbers or not path.exists():
        return []
    kept: list[str] = []
    waiting = sorted(numbers)
    with path.open("rb") as lines:
        _skip_to(lines, waiting[0])
        for line in lines:
            said = parsed(line.rstrip(b"\n"))
            if said and waiting and said["sequence"] >= waiting[0]:
                kept.append(line.decode())
                waiting = [number for number in waiting if number > said["sequence"]]
            if not waiting:
                break
    return kept


def _skip_to(file: BinaryIO, sequence: int) -> None:
    """Go to the beginning of a line before the first that names this event or a later one: lines stand in order."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while high - low > TAIL:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()
        said = parsed(file.readline().rstrip(b"\n"))
        if said is None or said["sequence"] >= sequence:
            high = middle
        else:
            low = middle
    file.seek(low)
    if low:
        file.readline()


def note() -> str:
    return lacking()


SAMPLE = {"text": gettext_lazy("The signed end of the record. Keep this mail. {…}")}
MAIL_KIND = outbox.Kind(
    KIND,
    "anchor",
    urgency=outbox.Urgency.URGENT,
    sample=SAMPLE,
    to=lambda message: settings.ANCHOR_MAIL or message.recipient.email,
)
GAUGES = (("imprimatur_anchor_age_seconds", "Seconds since the end of the record was last signed.", age),)
