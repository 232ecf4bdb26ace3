"""After a restore no mail leaves until somebody says what had left before: nothing that was sent is sent twice."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from editorial import health, holding, leasing, outbox
from editorial.models import AuditEvent, MailHold, OutboxMessage
from tests.conftest import NOW
from tests.desk import Person
from tests.editorial.test_outbox import news, person, stored

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HOUR = timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=3)


def command(*words: str) -> str:
    said = StringIO()
    call_command("outbox", *words, stdout=said)
    return said.getvalue()


def held() -> None:
    holding.hold(reason="restored", now=NOW, backup_at=NOW - HOUR)


def test_nothing_leaves_while_mail_is_held_and_all_of_it_afterwards():
    message = news(person())
    held()
    assert outbox.send_due(now=NOW) == {}
    assert outbox.send_one(message.pk, now=NOW) == "taken"
    assert mail.outbox == []

    assert holding.release(now=NOW) == (True, 0)
    assert outbox.send_due(now=NOW) == {"sent": 1}


def test_holding_twice_keeps_the_first_reason_and_releasing_twice_does_nothing():
    held()
    holding.hold(reason="again", now=MUCH_LATER)
    assert MailHold.objects.get().reason == "restored"
    assert holding.release(now=NOW) == (True, 0)
    assert holding.release(now=NOW) == (False, 0)
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == ["mail.held", "mail.released"]


def test_what_was_due_before_the_disaster_can_be_given_up():
    before, after = news(person("ana")), news(person("ben"))
    OutboxMessage.objects.filter(pk=after.pk).update(not_before=NOW + HOUR)
    held()
    assert holding.release(now=MUCH_LATER, skip_due_before=NOW) == (True, 1)
    outbox.send_due(now=MUCH_LATER)
    assert [stored(row).status for row in (before, after)] == ["skipped", "sent"]


def test_what_was_leased_at_the_backup_counts_as_due():
    message = news(person())
    leasing.lease(now=NOW)
    held()
    holding.release(now=MUCH_LATER, skip_due_before=NOW)
    assert stored(message).status == "skipped"


def test_a_reminder_planned_anew_counts_by_the_day_on_which_it_was_owed():
    """Planned and sent between backup and disaster, it is planned a second time after the restore."""
    held()
    again, fresh = (
        outbox.write("news", person(name), now=NOW + 5 * HOUR, since=since, text="Due.", path="/", urgency="daily")
        for name, since in (("ana", NOW - HOUR), ("ben", NOW + 4 * HOUR))
    )
    holding.release(now=MUCH_LATER, skip_due_before=NOW)
    assert [stored(row).status for row in (again, fresh)] == ["skipped", "waiting"]


def test_what_is_sent_skipped_or_parked_is_left_as_it_is():
    rows = {status: news(person(status)) for status in ("sent", "skipped", "parked", "discarded")}
    for status, row in rows.items():
        OutboxMessage.objects.filter(pk=row.pk).update(status=status)
    sent = holding.Sent(frozenset(row.uuid for row in rows.values()), {})
    assert holding.suppress(sent, now=NOW)[0] == 0
    assert holding.release(now=NOW, skip_due_before=MUCH_LATER) == (False, 0)
    assert {status: stored(row).status for status, row in rows.items()} == {status: status for status in rows}


def postfix(identity, address: str, *, number: str = "4Xyz12AbCd", status: str = "sent") -> list[str]:
    return [
        f"Mar  2 09:00:01 mx postfix/cleanup[42]: {number}: message-id=<{identity}@desk.example.org>",
        f"Mar  2 09:00:02 mx postfix/smtp[43]: {number}: to=<{address}>, relay=r, dsn=2.0.0, status={status} (250 ok)",
    ]


def test_what_the_mail_servers_log_names_is_not_sent_again():
    left, stayed = news(person("ana")), news(person("ben"))
    marked, unknown = holding.suppress(holding.read_log(postfix(left.uuid, "ana@example.org")), now=NOW)
    assert (marked, unknown) == (1, {})
    outbox.send_due(now=NOW)
    assert [message.to for message in mail.outbox] == [["ben@example.org"]]
    assert stored(stayed).status == "sent"


def test_what_the_log_says_was_deferred_has_not_left():
    message = news(person("ana"))
    assert holding.read_log(postfix(message.uuid, "ana@example.org", status="deferred")).addresses == {}
    lines = postfix(message.uuid, "ana@example.org", status="deferred") + postfix(
        "0" * 8 + "-0000-0000-0000-" + "0" * 12, "x@example.org", number="OTHER00001"
    )
    assert holding.suppress(holding.read_log(lines), now=NOW)[0] == 0


def test_a_plain_list_of_message_ids_does_as_well():
    message = news(person("ana"))
    assert holding.suppress(holding.read_log([f"<{message.uuid}@x>"]), now=NOW) == (1, {})


def test_a_days_mail_whose_id_was_settled_after_the_backup_is_known_by_its_address():
    ana, ben = (news(person(name), urgency="daily") for name in ("ana", "ben"))
    then = stored(ana).not_before
    lines = postfix("12345678-1234-4234-8234-123456789abc", "Ana@example.org")
    marked, unknown = holding.suppress(holding.read_log(lines), now=then, until=then)
    assert (marked, [sorted(people) for people in unknown.values()]) == (1, [["ana@example.org"]])
    assert [stored(row).status for row in (ana, ben)] == ["sent", "waiting"]


def test_without_the_disasters_instant_nothing_is_guessed_by_address():
    ana = news(person("ana"), urgency="daily")
    lines = postfix("12345678-1234-4234-8234-123456789abc", "ana@example.org")
    assert holding.suppress(holding.read_log(lines), now=NOW)[0] == 0
    assert stored(ana).status == "waiting"


def test_the_command_tells_of_it_and_does_it(tmp_path):
    message, daily = news(person("ana")), news(person("ben"), urgency="daily")
    assert "Mail leaves." in command("status")
    command("hold", "--reason", "a drill", "--backup-at", "2026-03-02T08:00:00")
    assert "a drill" in command("status")
    assert json.loads(command("status", "--json"))["messages"] == {"waiting": 2}
    listed = json.loads(command("list", "--json"))
    assert [line["to"] for line in listed] == ["ana@example.org", "ben@example.org"]
    assert str(message.uuid) in listed[0]["mail"]
    assert listed[1]["mail"] == ""  # not settled yet
    assert "2 messages" in command("list")
    log = tmp_path / "mail.log"
    log.write_text("\n".join(postfix(message.uuid, "ana@example.org")))
    assert "1 messages are marked as sent" in command("suppress", "--log", str(log))
    assert "Mail leaves again. 1 messages" in command("release", "--skip-due-before", "2100-01-01")
    assert [stored(row).status for row in (message, daily)] == ["sent", "skipped"]
    assert "wasn't held" in command("release")


@pytest.mark.parametrize(
    "words",
    [(), ("hold",), ("list", "--until", "yesterday"), ("suppress", "--log", "/nowhere/at.all"), ("fly",)],
)
def test_wrong_words_are_refused_in_words(words):
    with pytest.raises(CommandError):
        command(*words)


def test_editors_read_on_every_page_that_mail_is_held(people):
    assert "Mail is held back" not in Person("tom").client.get("/admin/").text
    held()
    assert "Mail is held back since 2 March 2026" in Person("tom").client.get("/admin/").text
    assert "Mail is held back" not in Person("claire").client.get("/admin/").text
    assert health.mail_held(NOW) == 1
