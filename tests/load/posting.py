"""Ten thousand reminders through two workers and a mail server, beside as many plain mails over one connection."""

import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from django.db import connection
from django.db.models import Max

from config.celery import app
from editorial import composing
from editorial.models import Notification, OutboxMessage
from editorial.tasks import send_outbox
from reviews.models import ReminderDispatch
from reviews.tasks import sweep
from tests.load.filling import House
from tests.load.mail_server import ROOT, MailServer
from tests.load.selecting import sample

WORKERS = 2
RING_SECONDS = 30
"""Beat's own interval."""

PATIENCE_SECONDS = 900
POLL_SECONDS = 0.1
Status = OutboxMessage.Status
Say = Callable[..., None]


@dataclass(frozen=True)
class Run:
    """Seconds for each step, and what the mail server saw."""

    planned: float
    dispatched: float
    sent: float
    took: dict[str, int]

    @property
    def whole(self) -> float:
        return self.planned + self.dispatched + self.sent


def run(house: House, rounds: int, server: MailServer, say: Say) -> None:
    """Prints each round, and the median of the ratios: only those mean anything on a machine that does other things."""
    mail = composing.mail([composing.item(sample(house))], mail_id="sample")
    texts = mail.body, str(mail.alternatives[0].content)
    say(f"\n{house.due:,} reminders to as many people, without quiet hours, so each is a mail; {WORKERS} workers")
    ratios = []
    with _workers():
        for number in range(1, rounds + 1):
            last = _last()
            plain, plain_took = _plain(house.due, *texts, server)
            ours = _ours(house.due, server)
            ratios.append(ours.whole / plain)
            say(
                f"round {number}: planned {ours.planned:.1f} s + dispatched {ours.dispatched:.1f} s + sent"
                f" {ours.sent:.1f} s = {ours.whole:.1f} s; plain {plain:.1f} s; ratio {ratios[-1]:.2f}"
            )
            for name, took in (("ours", ours.took), ("plain", plain_took)):
                say(
                    f"  {name}: {took['mails']:,} mails of {took['bytes'] // took['mails']:,} bytes over"
                    f" {len(took['peers'])} connections"
                )
            _forget(last)
    say(f"median ratio {statistics.median(ratios):.2f} (goal: 1.2)")


def _plain(count: int, text: str, html: str, server: MailServer) -> tuple[float, dict[str, int]]:
    """What the shortest script would do: one connection, and a mail of the same size for each person."""
    server.took()
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", server.port) as line:
        for number in range(1, count + 1):
            mail = EmailMessage()
            mail["Subject"], mail["From"] = "Your review was due", "Imprimatur <desk@example.org>"
            mail["To"], mail["Date"] = f"member{number}@example.org", formatdate()
            mail["Message-ID"] = make_msgid(domain="example.org")
            mail.set_content(text)
            mail.add_alternative(html, subtype="html")
            line.send_message(mail)
    return time.perf_counter() - started, server.took()


def _ours(count: int, server: MailServer) -> Run:
    """One ring for the sweep, then one for each worker to send, as beats on two hosts give them."""
    server.took()
    last = _last()
    started = time.perf_counter()
    sweep.delay()
    _until(lambda: ReminderDispatch.objects.filter(pk__gt=last).count() >= count, "planned")
    planned = time.perf_counter()
    _until(lambda: OutboxMessage.objects.count() >= count, "dispatched")
    dispatched = time.perf_counter()
    _until(lambda: OutboxMessage.objects.filter(status=Status.SENT).count() >= count, "sent", ring=_ring)
    sent = time.perf_counter()
    return Run(planned - started, dispatched - planned, sent - dispatched, server.took())


def _ring() -> None:
    for _ in range(WORKERS):
        send_outbox.delay()


def _until(holds: Callable[[], bool], what: str, ring: Callable[[], None] = lambda: None) -> None:
    end, rung = time.monotonic() + PATIENCE_SECONDS, -float(RING_SECONDS)
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"{PATIENCE_SECONDS} s weren't enough to get all {what}")
        if time.monotonic() - rung >= RING_SECONDS:
            ring()
            rung = time.monotonic()
        time.sleep(POLL_SECONDS)


def _forget(last: int) -> None:
    """Nothing was planned or sent since ``last``: the next round does all of it again."""
    Notification.objects.all().delete()
    OutboxMessage.objects.all().delete()
    ReminderDispatch.objects.filter(pk__gt=last).delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE editorial_outboxmessage, editorial_notification, reviews_reminderdispatch")


def _last() -> int:
    return ReminderDispatch.objects.aggregate(last=Max("pk"))["last"] or 0


@contextmanager
def _workers() -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
    with tempfile.TemporaryFile() as log:
        started = [
            subprocess.Popen([*command, "-n", f"bench{number}"], cwd=ROOT, stdout=log, stderr=log)
            for number in range(WORKERS)
        ]
        try:
            _until(lambda: len(app.control.ping(timeout=1)) == WORKERS, "ready to work")
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(30)
            log.seek(0)
            said = log.read().decode(errors="replace").strip()
            if "Traceback" in said:
                print(f"the workers said:\n{said[-4000:]}", file=sys.stderr)
