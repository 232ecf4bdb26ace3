"""Mail leaves once, or again under the same Message-ID; it never leaves for what was rolled back or matters no more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from editorial import outbox
from editorial.models import Notification, OutboxMessage, User
from editorial.models.messages import LEASE_SECONDS, MOST_ATTEMPTS
from reviews import reminders, workflow
from tests.conftest import NOW
from tests.faults.racing import at_once

LEASE = timedelta(seconds=LEASE_SECONDS)
HEADERS = {
    "Content-Type",
    "MIME-Version",
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
    "Auto-Submitted",
}
KINDS = sorted(name for name, kind in outbox._kinds.items() if kind.path is outbox.stored_path)
pytestmark = pytest.mark.django_db


class Moody(EmailBackend):
    """A mail server that refuses whoever is named “bad”, and takes everybody else's mail."""

    def send_messages(self, messages):
        if any(address.startswith("bad") for message in messages for address in message.to):
            raise ConnectionResetError("421 too busy")
        return super().send_messages(messages)


@pytest.fixture
def moody(settings):
    settings.EMAIL_BACKEND = "tests.editorial.test_outbox.Moody"


def person(name: str = "claire", **values) -> User:
    return User.objects.create(username=name, first_name=name.title(), email=f"{name}@example.org", **values)


def news(recipient: User, text: str = "“Statins” needs changes.", **values) -> OutboxMessage:
    """News that leaves at once; ``urgency="daily"`` gives the usual kind, which waits for the day's mail."""
    values = {"urgency": "urgent", **values}
    return outbox.write("news", recipient, now=NOW, text=text, path="/admin/articles/article/1/change/", **values)


def stored(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


def send(message: OutboxMessage, after: timedelta = timedelta()) -> str:
    return outbox.send_one(message.pk, now=NOW + after)


def ids() -> list[str]:
    return [sent.extra_headers["Message-ID"] for sent in mail.outbox]


@pytest.mark.sqlite
def test_writing_a_mail_writes_its_notification_and_sends_nothing():
    message = news(person())
    assert mail.outbox == []
    notification = Notification.objects.get()
    assert (notification.text, notification.path) == (message.payload["text"], message.payload["path"])


@pytest.mark.sqlite
def test_a_mail_is_sent_once_however_often_the_sender_is_rung():
    message = news(person())
    assert [outbox.send_due(now=NOW + timedelta(minutes=n)) for n in range(3)] == [{"sent": 1}, {}, {}]
    assert (stored(message).status, stored(message).sent_at, stored(message).attempts) == ("sent", NOW, 1)
    assert len(mail.outbox) == 1


def test_a_mail_waits_for_its_day():
    message = news(person(), urgency="daily", since=NOW + timedelta(hours=22, minutes=30))
    assert stored(message).not_before == NOW + timedelta(hours=23)
    OutboxMessage.objects.update(not_before=NOW + timedelta(hours=1))
    assert outbox.send_due(now=NOW + timedelta(minutes=59)) == {}
    assert outbox.send_due(now=NOW + timedelta(hours=1)) == {"sent": 1}
    assert stored(message).status == "sent"


@pytest.mark.sqlite
def test_a_leased_mail_is_left_to_its_sender_until_the_lease_ends():
    message = news(person())
    OutboxMessage.objects.update(status="leased", leased_until=NOW + LEASE, attempts=1)
    assert send(message, LEASE) == "taken"
    assert send(message, LEASE + timedelta(seconds=1)) == "sent"
    assert stored(message).attempts == 2


def test_the_second_copy_after_a_crash_has_the_same_message_id(settings):
    settings.PUBLIC_URL = "https://health.example:8443/site"
    message = news(person())
    send(message)
    OutboxMessage.objects.update(status="leased", leased_until=NOW + LEASE)  # died before its mark
    send(message, 2 * LEASE)
    assert ids() == [f"<{message.uuid}@health.example>"] * 2


def test_two_mails_never_share_a_message_id():
    claire = person()
    news(claire), news(claire)
    outbox.send_due(now=NOW)
    assert len(set(ids())) == 2


def test_a_failed_mail_waits_longer_each_time_and_is_parked_after_five_attempts(moody):
    message, now, waits = news(person("bad")), NOW, []
    for attempt in range(1, MOST_ATTEMPTS):
        assert outbox.send_one(message.pk, now=now) == "failed"
        row = stored(message)
        assert (row.status, row.attempts, row.leased_until) == ("waiting", attempt, None)
        assert outbox.send_one(message.pk, now=row.not_before - timedelta(seconds=1)) == "taken"
        waits.append(row.not_before - now)
        now = row.not_before
    assert waits == sorted(waits)
    assert waits[0] >= timedelta(minutes=1)
    assert outbox.send_one(message.pk, now=now) == "parked"
    assert stored(message).status == "parked"
    assert "421 too busy" in stored(message).problem
    assert outbox.send_due(now=now + timedelta(days=30)) == {}


def test_a_mail_that_failed_once_goes_out_under_its_first_message_id(moody):
    bad = person("bad")
    message = news(bad)
    assert send(message) == "failed"
    User.objects.filter(pk=bad.pk).update(email="claire@example.org")
    assert send(message, timedelta(hours=1)) == "sent"
    assert ids() == [f"<{message.uuid}@127.0.0.1>"]


@pytest.mark.sqlite
def test_a_mail_that_kills_its_sender_each_time_is_parked_too():
    message = news(person())
    OutboxMessage.objects.update(status="leased", leased_until=NOW, attempts=MOST_ATTEMPTS)
    assert send(message, LEASE) == "parked"
    assert mail.outbox == []


def test_one_poisoned_mail_does_not_stop_the_others(moody):
    first, bad, last = news(person()), news(person("bad")), news(person("ravi"))
    unknown = news(person("eva"))
    OutboxMessage.objects.filter(pk=unknown.pk).update(kind="unheard-of")
    assert outbox.send_due(now=NOW) == {"sent": 2, "failed": 2}
    assert [stored(m).status for m in (first, bad, unknown, last)] == ["sent", "waiting", "waiting", "sent"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"is_active": False}, "the account is disabled"), ({"email": ""}, "the account has no mail address")],
)
def test_whoever_cannot_get_mail_is_skipped_with_the_reason(values, reason):
    claire = person()
    message = news(claire)
    User.objects.filter(pk=claire.pk).update(**values)
    assert send(message) == "skipped"
    assert (stored(message).status, stored(message).problem) == ("skipped", reason)
    assert mail.outbox == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_title_with_a_line_break_adds_no_header_and_no_recipient(ending):
    news(person(), text=f"“Statins{ending}Bcc: everybody@example.org{ending}{ending}Buy now” needs changes.")
    outbox.send_due(now=NOW)
    (sent,) = mail.outbox
    message = sent.message()
    assert message["Bcc"] is None
    assert sent.recipients() == ["claire@example.org"]
    assert set(message.keys()) == HEADERS
    assert len(message.keys()) == len(HEADERS)


def test_an_address_with_a_line_break_is_parked_and_never_sent():
    claire = person()
    User.objects.filter(pk=claire.pk).update(email="claire@example.org\nBcc: all@example.org")
    message = news(claire)
    assert [send(message, timedelta(days=n)) for n in range(5)] == ["failed"] * 4 + ["parked"]
    assert mail.outbox == []


def test_links_are_made_of_the_public_address_alone(settings):
    settings.PUBLIC_URL = "https://health.example"
    news(person())
    outbox.send_due(now=NOW)
    assert "\nhttps://health.example/admin/articles/article/1/change/\n" in mail.outbox[0].body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("own", [True, False])
def test_every_kind_of_mail_renders_as_plain_text_with_the_news_the_link_and_the_name(story, monkeypatch, kind, own):
    relevant = replace(outbox._kinds[kind], irrelevant=lambda message, now: "", together=None)
    monkeypatch.setitem(outbox._kinds, kind, relevant)
    seat = story.seat(story.round(), "claire")
    OutboxMessage.objects.all().delete()
    text = "The review of “Aspirin & <i>stroke</i>: what's new?” is late."
    values = {"assignment": seat.pk, "note": "Mind the dose & the “<” sign.", "own": own, "due_version": 1}
    outbox.write(kind, story.people["claire"], now=NOW, text=text, path="/admin/somewhere/", urgency="urgent", **values)
    assert outbox.send_due(now=NOW) == {"sent": 1}
    (sent,) = mail.outbox
    assert sent.subject == sent.subject.strip() != ""
    assert text in sent.body
    assert sent.body.count("http://127.0.0.1:8000/admin/somewhere/") == 1
    assert "Dear Claire Dubois," in sent.body
    assert "&amp;" not in sent.subject + sent.body
    assert "{" not in sent.subject + sent.body
    assert "\n\n\n" not in sent.body
    assert sent.content_subtype == "plain"
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    assert "<i>stroke" not in html


@pytest.mark.sqlite
def test_a_verb_that_is_rolled_back_leaves_neither_mail_nor_notification(story):
    round = story.round()
    before = OutboxMessage.objects.count(), Notification.objects.count()
    with transaction.atomic():
        workflow.reject(round.article, actor=story.people["tom"], now=story.tick(), reason="Unsafe.")
        assert OutboxMessage.objects.count() > before[0]
        transaction.set_rollback(True)
    assert (OutboxMessage.objects.count(), Notification.objects.count()) == before
    outbox.send_due(now=story.tick())
    assert not [sent for sent in mail.outbox if "rejected" in sent.subject]


def test_an_invitation_to_a_round_that_was_withdrawn_is_skipped_and_the_panel_is_told(story):
    round = story.round()
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="A newer trial came out.")
    assert outbox.send_due(now=story.tick()) == {"skipped": 2}
    assert outbox.send_due(now=story.now + timedelta(days=1)) == {"sent": 2}
    assert set(OutboxMessage.objects.values_list("problem", flat=True)) == {"nothing is owed any more", ""}
    assert all("isn't needed any more" in sent.body for sent in mail.outbox)


def test_an_invitation_to_a_seat_that_is_signed_already_is_skipped(story):
    round = story.round()
    story.sign(round, "claire")
    assert outbox.send_due(now=story.tick()) == {"sent": 1, "skipped": 1}
    assert [sent.to for sent in mail.outbox] == [["ravi@example.org"]]


def test_every_kind_that_the_reviews_write_is_registered():
    assert {kind.name for kind in reminders.MAIL_KINDS} <= set(KINDS)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_two_senders_at_once_send_each_mail_once():
    claire = person()
    messages = [news(claire) for _ in range(60)]
    counts = at_once(3, lambda: outbox.send_due(now=NOW))
    assert sum(count.get("sent", 0) for count in counts) == 60
    assert sorted(ids()) == sorted(f"<{message.uuid}@127.0.0.1>" for message in messages)


def test_a_digest_resent_after_a_crash_is_the_same_mail_and_a_latecomer_goes_the_next_day():
    claire, tomorrow = person(), NOW + timedelta(hours=23)
    first = [news(claire, f"Item {n}.", urgency="daily") for n in range(2)]
    assert outbox.send_due(now=tomorrow) == {"sent": 2}
    OutboxMessage.objects.update(status="leased", leased_until=tomorrow + LEASE)  # died before its mark
    late = outbox.write("news", claire, now=tomorrow, text="Late.", path="/", since=tomorrow)
    assert outbox.send_due(now=tomorrow + 2 * LEASE) == {"sent": 2}
    assert len(mail.outbox) == 2
    assert len(set(ids())) == 1
    assert mail.outbox[0].body == mail.outbox[1].body
    assert {stored(row).mail_id for row in first} != {stored(late).mail_id}
    assert stored(late).not_before == tomorrow + timedelta(days=1)
    assert outbox.send_due(now=tomorrow + timedelta(days=1)) == {"sent": 1}


def test_nothing_but_urgent_mail_leaves_in_quiet_hours_after_an_outage():
    claire = person()
    news(claire, urgency="prompt"), news(claire, urgency="daily"), news(claire)
    night = NOW + timedelta(days=2, hours=12)
    assert outbox.send_due(now=night) == {"sent": 1}
    assert outbox.send_due(now=night + timedelta(hours=12)) == {"sent": 2}
