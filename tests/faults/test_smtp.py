"""The sender against a real mail server that is slow, refuses, or cuts the line after DATA."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from editorial import outbox
from editorial.models import AuditEvent, OutboxMessage
from editorial.models.messages import MOST_ATTEMPTS
from editorial.parking import MAIL
from tests.conftest import NOW
from tests.editorial.test_outbox import news, person, stored
from tests.faults.postbox import Postbox

TIMEOUT = 1
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="the mail server is what it is about: once is enough"),
]


@pytest.fixture
def postbox(tmp_path, settings):
    """A mail server's process, which the sender uses with less patience than the ten seconds of production."""
    box = Postbox(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, TIMEOUT
    yield box
    box.stop()


def came(postbox: Postbox) -> dict[str, int]:
    """How many mails reached each person, copies included."""
    people = [mail.to.partition("@")[0] for mail in postbox.kept()]
    return {name: people.count(name) for name in people}


def tried(message: OutboxMessage, times: int = 1) -> datetime:
    """Have all that is due sent so often, each time when the backoff of ``message`` is over; when the next try is."""
    for _ in range(times):
        outbox.send_due(now=max(NOW, stored(message).not_before))
    return stored(message).not_before


def test_many_mails_go_through_one_line_each_once(postbox):
    for n in range(20):
        news(person(f"member{n}"))
    assert outbox.send_due(now=NOW) == {"sent": 20}
    assert came(postbox) == {f"member{n}": 1 for n in range(20)}
    assert set(postbox.copies()) == {f"<{message.uuid}@127.0.0.1>" for message in OutboxMessage.objects.all()}


@pytest.mark.parametrize("mood", ["refuse:451", "unknown:450", "drop"])
def test_mail_that_is_refused_for_now_is_delivered_later_and_once(postbox, mood):
    postbox.moods(bad=f"{mood},{mood},keep")
    bad = news(person("bad"))
    others = [news(person(name)) for name in ("claire", "ravi")]
    assert outbox.send_due(now=NOW) == {"sent": 2, "failed": 1}
    assert [stored(other).status for other in others] == ["sent", "sent"]
    assert stored(bad).not_before - NOW == timedelta(seconds=120)
    tried(bad, 2)
    assert stored(bad).status == "sent"
    assert came(postbox) == {"claire": 1, "ravi": 1, "bad": 1}


def test_mail_refused_for_ever_is_parked_after_five_attempts_and_the_others_go_on(postbox, people):
    postbox.moods(bad="refuse:554")
    bad = news(person("bad"))
    tried(bad, MOST_ATTEMPTS - 1)
    later = news(people["claire"])
    tried(bad)
    assert (stored(bad).status, stored(bad).attempts) == ("parked", MOST_ATTEMPTS)
    assert "554" in stored(bad).problem
    assert stored(later).status == "sent"

    postbox.moods("keep")
    afterwards = NOW + timedelta(days=1)
    assert MAIL.try_again([bad.pk], actor=people["ingrid"], now=afterwards) == 1
    assert outbox.send_due(now=afterwards) == {"sent": 1}
    assert came(postbox) == {"claire": 1, "bad": 1}
    assert AuditEvent.objects.filter(kind="mail.retried").count() == 1


def test_an_address_that_the_server_does_not_know_is_parked_at_once(postbox):
    postbox.moods(bad="unknown:550")
    bad, good = news(person("bad")), news(person("claire"))
    assert outbox.send_due(now=NOW) == {"parked": 1, "sent": 1}
    assert "550" in stored(bad).problem
    assert stored(good).status == "sent"
    assert came(postbox) == {"claire": 1}


@pytest.mark.parametrize("mood", ["keep-and-drop", f"slow:{TIMEOUT + 1}"])
def test_a_server_that_keeps_a_mail_and_never_says_so_gets_one_copy_under_the_same_id(postbox, mood):
    postbox.moods(bad=f"{mood},keep")
    bad, _good = news(person("bad")), news(person("claire"))
    assert outbox.send_due(now=NOW) == {"failed": 1, "sent": 1}
    tried(bad)
    assert stored(bad).status == "sent"
    assert came(postbox) == {"bad": 2, "claire": 1}
    assert sorted(postbox.copies().values()) == [1, 2]


def test_a_server_that_is_slow_within_its_time_gets_each_mail_once(postbox):
    postbox.moods(f"slow:{TIMEOUT / 4}")
    for name in ("claire", "ravi", "eva"):
        news(person(name))
    assert outbox.send_due(now=NOW) == {"sent": 3}
    assert came(postbox) == {"claire": 1, "ravi": 1, "eva": 1}


def test_a_server_that_is_away_costs_each_mail_one_try_and_no_mail(postbox):
    postbox.stop()
    message = news(person("claire"))
    assert outbox.send_due(now=NOW) == {"failed": 1}
    assert stored(message).status == "waiting"
