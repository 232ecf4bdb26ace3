"""Who takes which mail up, and what becomes of what a sender died with."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend

from editorial import leasing, outbox
from editorial.models import OutboxMessage
from editorial.models.messages import MOST_ATTEMPTS
from tests.conftest import NOW
from tests.editorial.test_outbox import LEASE, news, person, stored

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OVER = LEASE + timedelta(seconds=1)


def pks(mails) -> list[list[int]]:
    return [[row.pk for row in rows] for rows in mails]


@pytest.mark.parametrize("urgency", ["urgent", "prompt"])
def test_what_a_sender_died_with_goes_alone(urgency):
    first, second, third = (news(person(name), urgency=urgency) for name in ("ana", "ben", "claire"))
    assert len(leasing.lease(now=NOW)) == 3
    late = news(person("dora"), urgency=urgency)
    again = leasing.lease(now=NOW + OVER)
    assert pks(again) == [[first.pk]]
    assert [stored(row).attempts for row in (first, second, third, late)] == [2, 1, 1, 0]


def test_the_day_mail_that_a_sender_died_with_is_whole_and_alone():
    claire, ravi = person("claire"), person("ravi")
    rows = [news(claire, f"News {n}.", urgency="daily") for n in range(2)] + [news(ravi, urgency="daily")]
    then = max(stored(row).not_before for row in rows)
    assert len(leasing.lease(now=then)) == 2
    assert pks(leasing.lease(now=then + OVER)) in ([[rows[0].pk, rows[1].pk]], [[rows[2].pk]])


class Deadly(EmailBackend):
    """A mail server whose answer for Ben ends the process that hears it."""

    def send_messages(self, messages):
        if any(address.startswith("ben@") for message in messages for address in message.to):
            raise SystemExit
        return super().send_messages(messages)


def test_a_mail_that_kills_its_senders_is_parked_and_takes_no_other_along(settings):
    settings.EMAIL_BACKEND = "tests.editorial.test_leasing.Deadly"
    mails = [news(person(name)) for name in ("ana", "ben", "claire", "dora")]
    deaths = 0
    for sender in range(10):
        try:
            outbox.send_due(now=NOW + sender * OVER)
        except SystemExit:
            deaths += 1
    assert deaths == MOST_ATTEMPTS
    assert [stored(row).status for row in mails] == ["sent", "parked", "sent", "sent"]
    assert stored(mails[1]).problem == "its senders died while they held it"
    assert max(stored(row).attempts for row in (mails[0], *mails[2:])) <= 2


def test_what_was_refused_and_waits_again_goes_with_the_others():
    rows = [news(person(name)) for name in ("ana", "ben")]
    OutboxMessage.objects.update(attempts=2)
    assert len(leasing.lease(now=NOW)) == len(rows)
