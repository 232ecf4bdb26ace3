"""Every page of the desk says it when the clock has stopped or mail is parked, to those whose business it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import clock, outbox
from editorial.models import AuditEvent, Heartbeat, OutboxMessage
from tests.desk import Person

PAGES = ("/admin/", "/admin/articles/article/", "/admin/mail/")
OUTBOX = "/admin/editorial/outboxmessage/"
STOPPED = "Reminders and mail have stood still since"


def clock_ran(minutes: int) -> None:
    Heartbeat.objects.update_or_create(name="clock", defaults={"at": clock.now() - timedelta(minutes=minutes)})


def parked(people, count: int = 1) -> list[OutboxMessage]:
    rows = [
        outbox.write("news", people["nora"], now=clock.now(), text=f"“Aspirin {n}” was approved.", path="/admin/")
        for n in range(count)
    ]
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        status="parked", attempts=5, problem="SMTPRecipientsRefused: no such mailbox"
    )
    return rows


def act(who: str, action: str, rows: list[OutboxMessage]):
    return Person(who).client.post(
        OUTBOX, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )


@pytest.mark.parametrize("page", PAGES)
def test_editors_and_chiefs_read_since_when_the_clock_stands(people, page):
    clock_ran(minutes=6)
    assert all(STOPPED in Person(who).client.get(page).text for who in ("tom", "ingrid"))


@pytest.mark.parametrize("who", ["nora", "claire"])
def test_authors_and_members_are_not_troubled_with_it(people, who):
    clock_ran(minutes=6)
    parked(people)
    page = Person(who).client.get("/admin/").text
    assert STOPPED not in page
    assert "be sent and wait" not in page


def test_a_clock_that_runs_is_no_news(people):
    clock_ran(minutes=4)
    assert "banner--danger" not in Person("tom").client.get("/admin/").text


def test_a_clock_that_never_ran_is_told_of_once_something_waits(people):
    assert "has never run here" not in Person("tom").client.get("/admin/").text
    OutboxMessage.objects.create(
        kind="news",
        recipient=people["nora"],
        payload={"text": "News.", "path": "/admin/"},
        not_before=clock.now() - timedelta(minutes=6),
        created_at=clock.now(),
    )
    assert "has never run here" in Person("tom").client.get("/admin/").text


def test_it_costs_one_query_however_much_is_parked(people):
    client = Person("ingrid").client
    counts = []
    for more in (1, 2, 27):
        parked(people, more)
        client.get("/admin/mail/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/admin/mail/")
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_chief_finds_parked_mail_and_has_it_tried_again_under_its_old_id(people):
    (row,) = parked(people)
    OutboxMessage.objects.filter(pk=row.pk).update(mail_id=row.uuid)
    assert f'href="{OUTBOX}?status__exact=parked"' in Person("ingrid").client.get("/admin/").text
    assert "no such mailbox" in Person("ingrid").client.get(f"{OUTBOX}?status__exact=parked").text
    assert "1 is tried again now." in act("ingrid", "retry", [row]).text
    row.refresh_from_db()
    assert (row.status, row.attempts, row.problem, row.mail_id) == ("waiting", 0, "", row.uuid)
    assert AuditEvent.objects.filter(kind="mail.retried", subject=f"mail:{row.uuid}").count() == 1


def test_a_discarded_mail_says_by_whom_and_is_never_sent(people):
    (row,) = parked(people)
    act("ingrid", "discard", [row])
    row.refresh_from_db()
    assert (row.status, row.problem) == ("discarded", f"discarded by {people['ingrid'].shown_name}")
    assert outbox.send_due(now=clock.now() + timedelta(days=3)) == {}


def test_what_is_not_parked_is_left_alone(people):
    (row,) = parked(people)
    OutboxMessage.objects.update(status="sent")
    assert "None of these is parked" in act("ingrid", "retry", [row]).text
    assert OutboxMessage.objects.get().status == "sent"


@pytest.mark.parametrize("who", ["tom", "nora", "claire"])
@pytest.mark.parametrize("action", ["retry", "discard"])
def test_nobody_but_a_chief_touches_it(people, who, action):
    (row,) = parked(people)
    act(who, action, [row])
    row.refresh_from_db()
    assert row.status == "parked"


def test_looking_at_it_changes_nothing(people):
    parked(people)
    before = OutboxMessage.objects.values_list().get()
    for path in (OUTBOX, f"{OUTBOX}{OutboxMessage.objects.get().pk}/change/"):
        assert Person("ingrid").client.get(path).status_code == 200
    assert OutboxMessage.objects.values_list().get() == before
