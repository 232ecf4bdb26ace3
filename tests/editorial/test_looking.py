"""The last look before a mail leaves: shared by many, never old, and never stopped by one bad row."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from editorial import leasing, looking, outbox
from editorial.models import OutboxMessage
from editorial.models.messages import LEASE_SECONDS
from tests.conftest import NOW
from tests.editorial.test_outbox import news, person, stored
from tests.reviews.late import postgresql

pytestmark = pytest.mark.django_db

asked: list[list[int]] = []
"""The messages that each look asked about, in turn."""


class Revoking(EmailBackend):
    """While it takes the first mail, all that still waits stops to matter."""

    def send_messages(self, messages):
        OutboxMessage.objects.filter(status="leased").update(payload={"text": "Old.", "path": "/", "over": True})
        return super().send_messages(messages)


def over(messages, now) -> dict[int, str]:
    asked.append([message.pk for message in messages])
    return {message.pk: "it is over" if message.payload["over"] else "" for message in messages}


@pytest.fixture
def three(monkeypatch):
    """Three urgent mails of a kind that is asked about together."""
    asked.clear()
    kind = replace(outbox._kinds["news"], irrelevant=lambda m, now: over([m], now)[m.pk], together=over)
    monkeypatch.setitem(outbox._kinds, "news", kind)
    return [news(person(name), over=False) for name in ("claire", "ravi", "eva")]


@pytest.mark.sqlite
def test_one_look_serves_all_mails_that_leave_soon_after_it(three):
    assert outbox.send_due(now=NOW) == {"sent": 3}
    assert asked == [[message.pk for message in three]]


@pytest.mark.sqlite
def test_no_mail_leaves_on_an_old_look(three, monkeypatch, settings):
    settings.EMAIL_BACKEND = "tests.editorial.test_looking.Revoking"
    monkeypatch.setattr(looking, "FRESH_SECONDS", 0)
    assert outbox.send_due(now=NOW) == {"sent": 1, "skipped": 2}
    assert [stored(message).problem for message in three] == ["", "it is over", "it is over"]
    assert len(mail.outbox) == 1


@pytest.mark.sqlite
def test_one_message_that_cannot_be_looked_at_hurts_no_other(three):
    OutboxMessage.objects.filter(pk=three[1].pk).update(payload={"text": "No answer.", "path": "/"})
    assert outbox.send_due(now=NOW) == {"sent": 2, "failed": 1}
    assert [stored(message).status for message in three] == ["sent", "waiting", "sent"]
    assert "KeyError" in stored(three[1]).problem


@pytest.mark.sqlite
def test_a_look_sees_nothing_of_what_another_sender_took_over(three):
    (mine, *_others) = [[message] for message in three]
    until = NOW + timedelta(seconds=LEASE_SECONDS)
    OutboxMessage.objects.filter(pk=three[0].pk).update(status="leased", leased_until=until)
    mine[0].leased_until = NOW
    assert looking.Look([mine], now=NOW).ours(mine) == []
    mine[0].leased_until = until
    assert looking.Look([mine], now=NOW).ours(mine) == mine


@postgresql
@pytest.mark.django_db(transaction=True)
def test_senders_who_lease_at_the_same_instant_share_what_is_due():
    for name in ("claire", "ravi"):
        news(person(name), urgency="daily", since=NOW - timedelta(days=1))
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        ((first,),) = leasing.lease(now=NOW, limit=1)
        ((second,),) = other.submit(in_another_session, lambda: leasing.lease(now=NOW, limit=1)).result(10)
    assert first.recipient_id != second.recipient_id


def in_another_session(act):
    try:
        return act()
    finally:
        connection.close()
