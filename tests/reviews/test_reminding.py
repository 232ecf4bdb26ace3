"""An editor reminds one member by hand: who may, of what, what is written, and what the clock makes of it."""

import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group

from editorial import composing, erasure, outbox
from editorial.conditions import MovedOn, Refused
from editorial.models import AuditEvent, Notification, OutboxMessage, PersonalText, User
from reviews import reminded, reminders, seat_conditions, verification, workflow
from reviews.models import ManualReminder, ReminderDispatch, ReviewAssignment
from reviews.reminders.kinds import MAIL_KINDS
from reviews.workflow import reminding
from tests.reviews.late import DAY_AFTER, NOON_AFTER, day_after_rule, dispatched, forget_news, lone_seat
from tests.reviews.panels import away, invited, mail_to, opened, use

STATES = ("invited", "accepted", "completed", "declined", "recused", "expired", "released")
OPEN = ("invited", "accepted")
NOTE = "I know that your mother is ill."
KIND = next(kind for kind in MAIL_KINDS if kind.name == "manual")


def late(story, **values) -> ReviewAssignment:
    """Claire's seat, three days late; Ravi sits beside her, Eva stands by."""
    round = opened(story, alternates=["eva"], **values)
    ReviewAssignment.objects.filter(round=round).update(review_on=story.now.date() - timedelta(days=3))
    forget_news()
    return story.seat(round, "claire")


def reason(story, seat: ReviewAssignment, who: str = "tom", **values) -> str:
    values.setdefault("now", story.now)
    return seat_conditions.may_remind(seat, story.people[who], **values).reason


def test_notice_mail_row_and_event_are_written_together(story):
    seat = late(story)
    use(story, seat, "remind", "tom", note=NOTE)
    said = "A reminder from Tom Okafor: Your review of “How low should blood pressure be?” was due on 27 February 2026."
    assert mail_to("claire") == [said]
    assert Notification.objects.get().text == said
    row = ManualReminder.objects.get()
    assert (row.assignment, row.sent_by.username, row.note.text) == (seat, "tom", NOTE)
    assert AuditEvent.objects.filter(kind="reminder.by_hand", subject=seat.subject).count() == 1


def test_whoever_has_not_answered_is_reminded_of_the_answer(story):
    seat = invited(story)
    forget_news()
    use(story, seat, "remind", "tom")
    assert "Your answer on whether you can review" in mail_to("claire")[0]
    assert OutboxMessage.objects.get().payload["action"] == "Say whether you can review it"


@pytest.mark.parametrize(
    ("who", "may"),
    [("tom", OPEN), ("ingrid", OPEN), ("nora", ()), ("claire", ()), ("ravi", ()), ("samuel", ()), ("stranger", ())],
)
def test_only_editors_remind_and_only_seats_that_are_open(who, may, story):
    """Every state of a seat with every role."""
    seat, done = invited(story), []
    forget_news()
    for state in STATES:
        ReviewAssignment.objects.filter(pk=seat.pk).update(state=state)
        with suppress(Refused):
            use(story, seat, "remind", who, again=True)
            done.append(state)
    assert tuple(done) == may
    assert (ManualReminder.objects.count(), len(mail_to("claire")), Notification.objects.count()) == (len(may),) * 3


@pytest.mark.parametrize("end", ["request_changes", "reject", "withdraw"])
def test_nobody_is_reminded_of_a_round_that_is_closed(end, story, people):
    seat = late(story)
    getattr(workflow, end)(seat.round.article, actor=people["tom"], now=story.tick(), reason="For the test.")
    seat = story.seat(seat.round, "claire")
    assert reason(story, seat) == "This round is closed: there is nobody to remind."


def test_an_editor_who_wrote_it_reminds_nobody(story, people):
    seat = late(story)
    seat.round.article.authors.add(people["tom"])
    assert reason(story, seat) == "You are an author of this article, so another editor has to do this."


def test_an_editor_on_the_panel_reminds_no_colleague(story, people):
    seat = late(story)
    people["ravi"].groups.add(Group.objects.get(name="editor"))
    people["ravi"] = User.objects.get(username="ravi")
    assert reason(story, seat, "ravi") == "You are on this article's panel, so another editor has to do this."
    with pytest.raises(Refused, match="on this article's panel"):
        use(story, seat, "remind", "ravi")


def test_an_alternate_who_stands_by_is_not_reminded(story):
    assert reason(story, story.seat(late(story).round, "eva")) == "An alternate who stands by owes nothing yet."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_active": False}, "The account of Claire Dubois is disabled. Release the seat."),
        ({"email": ""}, "Claire Dubois has no mail address. Add one to their account, or release the seat."),
    ],
)
def test_whoever_cannot_be_reached_is_not_reminded(change, said, story):
    seat = late(story)
    User.objects.filter(username="claire").update(**change)
    assert reason(story, story.seat(seat.round, "claire")) == said


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        ("eva", "Claire Dubois is away until 6 March 2026; Eva Lindqvist covers. Extend the seat, or release it."),
        ("", "Claire Dubois is away until 6 March 2026, and nobody covers. Extend the seat, or release it."),
    ],
)
def test_whoever_is_away_is_not_reminded_and_the_reason_says_who_covers(cover, said, story, people):
    seat = late(story)
    away(story, "claire", first=story.now.date(), last=story.now.date() + timedelta(days=4), cover=cover)
    assert reason(story, seat) == said.replace("Eva Lindqvist", people["eva"].shown_name)


def test_the_last_day_away_counts_where_the_member_is(story):
    seat = late(story)
    User.objects.filter(username="claire").update(time_zone="Pacific/Kiritimati")
    seat = story.seat(seat.round, "claire")
    away(story, "claire", first=story.now.date() - timedelta(days=3), last=story.now.date())
    noon = datetime.combine(story.now.date(), datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
    assert reason(story, seat, now=noon - timedelta(hours=3))
    assert reason(story, seat, now=noon) == ""


# Twice


def test_within_two_days_nobody_is_reminded_again_unless_an_editor_says_so(story):
    seat = late(story)
    use(story, seat, "remind", "tom")
    sent = ManualReminder.objects.get().sent_at
    before = sent + timedelta(days=2) - timedelta(seconds=1)
    assert reason(story, seat, "ingrid", now=before).startswith("Tom Okafor reminded Claire Dubois on 2 March 2026 at ")
    assert reason(story, seat, "ingrid", now=before, again=True) == ""
    assert reason(story, seat, "ingrid", now=sent + timedelta(days=2)) == ""


def test_all_the_same_sends_a_second_mail_and_the_event_says_so(story):
    seat = late(story)
    use(story, seat, "remind", "tom")
    with pytest.raises(Refused, match="Tom Okafor reminded Claire Dubois"):
        use(story, seat, "remind", "ingrid")
    use(story, seat, "remind", "ingrid", again=True)
    bodies = AuditEvent.objects.filter(kind="reminder.by_hand").order_by("sequence").values_list("body", flat=True)
    assert [json.loads(body)["data"]["again"] for body in bodies] == [False, True]
    assert len(mail_to("claire")) == 2


def test_another_seat_of_the_same_round_is_reminded_on_its_own(story):
    seat = late(story)
    use(story, seat, "remind", "tom")
    assert reason(story, story.seat(seat.round, "ravi")) == ""


def test_the_same_form_sent_twice_reminds_once(story):
    seat, number = late(story), uuid.uuid4()
    for _time in range(2):
        use(story, seat, "remind", "tom", request=number)
    assert (ManualReminder.objects.count(), len(mail_to("claire"))) == (1, 1)


def test_a_seat_that_moved_on_since_the_page_was_opened_is_not_reminded(story):
    seat = late(story)
    seen = reminding.stamp(seat)
    ReviewAssignment.objects.filter(pk=seat.pk).update(due_version=2)
    with pytest.raises(MovedOn, match="This seat moved on"):
        use(story, seat, "remind", "tom", seen=seen)
    assert not ManualReminder.objects.exists()


# The mail


def test_it_waits_for_the_end_of_their_quiet_hours_and_for_nothing_else(story):
    seat = late(story)
    User.objects.filter(username="claire").update(time_zone="UTC")
    seat = story.seat(seat.round, "claire")
    night = datetime(2026, 3, 3, 2, tzinfo=UTC)
    _notice, waiting = reminding.mail(seat, by=story.people["tom"], now=night)
    assert night < waiting.not_before <= night + timedelta(hours=8)
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    _notice, at_once = reminding.mail(seat, by=story.people["tom"], now=noon)
    assert (at_once.not_before, at_once.digest_key, at_once.urgency) == (noon, "", "prompt")


def test_it_carries_the_note_as_text_and_escaped_in_html(story):
    seat = late(story)
    use(story, seat, "remind", "tom", note="<script>alert(1)</script>\n{{ link }}")
    message = OutboxMessage.objects.get()
    made = composing.rendered([composing.item(message)], message.recipient)
    assert "<script>alert(1)</script>\n{{ link }}" in made.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>{{ link }}" in made.html
    assert "<script" not in made.html
    assert made.subject == "Reminder of your review: How low should blood pressure be?"
    assert seat.get_absolute_url() in made.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "completed"}, "nothing is owed any more"),
        ({"seat": "alternate"}, "nothing is owed any more"),
        ({"due_version": 2}, "the due day was moved again"),
        ({}, ""),
    ],
)
def test_just_before_it_leaves_it_is_asked_whether_it_still_matters(change, said, story):
    seat = late(story)
    use(story, seat, "remind", "tom")
    if change:
        ReviewAssignment.objects.filter(pk=seat.pk).update(**change)
    assert KIND.irrelevant(OutboxMessage.objects.get(), story.now) == said


def test_a_review_signed_before_the_mail_left_is_thanked_with_silence(story, mailoutbox):
    seat = late(story)
    use(story, seat, "remind", "tom")
    story.sign(seat.round, "claire")
    message = OutboxMessage.objects.get(kind="manual")
    outcome = outbox.send_one(message.pk, now=story.now + timedelta(days=1))
    assert (outcome, [mail.to for mail in mailoutbox]) == ("skipped", [])


@pytest.mark.parametrize("note", ["x" * 1001, "é" * 1001])
def test_a_note_that_is_too_long_is_refused_in_words(note, story):
    with pytest.raises(Refused, match="more than 1000 characters"):
        use(story, late(story), "remind", "tom", note=note)
    assert not PersonalText.objects.exists()


# The note is personal


def test_the_note_is_sealed_by_a_commitment_and_stands_in_no_event_notice_or_outbox_row(story):
    use(story, late(story), "remind", "tom", note=NOTE)
    stored = [
        *AuditEvent.objects.values_list("body", flat=True),
        *Notification.objects.values_list("text", flat=True),
        *(json.dumps(payload) for payload in OutboxMessage.objects.values_list("payload", flat=True)),
    ]
    assert [text for text in stored if "mother" in text] == []
    assert list(verification.personal_texts()) == []
    PersonalText.objects.update(text="Hurry up.")
    assert len(list(verification.personal_texts())) == 1


@pytest.mark.parametrize("erased", ["claire", "tom"])
def test_erasing_either_of_them_takes_the_note_out_of_a_mail_that_waits(erased, story, people):
    seat = late(story)
    use(story, seat, "remind", "tom", note=NOTE)
    use(story, seat, "release", "tom", reason="Gone.")
    type(seat.round.article).objects.update(handling_editor=people["ingrid"])
    erasure.erase(people[erased], actor=User.system(), now=story.tick(), reason="Asked for.")
    message = OutboxMessage.objects.get(kind="manual")
    assert PersonalText.objects.get().text == ""
    if erased == "tom":
        made = composing.rendered([composing.item(message)], message.recipient)
        assert NOTE not in made.text
        assert "Tom Okafor" not in made.text
    else:
        assert (message.status, message.payload) == ("skipped", {"text": "", "path": "/"})
    assert list(verification.personal_texts()) == []


# The clock and the editor


def test_what_the_clock_sent_does_not_keep_an_editor_from_reminding(story):
    """Trap: two kinds of reminder share one “last reminded” field and suppress each other."""
    day_after_rule()
    seat = lone_seat(story)
    assert dispatched().state == "done"
    assert reason(story, seat, now=NOON_AFTER + timedelta(minutes=1)) == ""


def test_an_editors_reminder_quiets_the_members_clock_alone_and_not_the_editors(story, people):
    day_after_rule(name="Member")
    day_after_rule(name="Editor", audience="handling_editor")
    seat = lone_seat(story)
    workflow.remind(seat.round.article, actor=people["tom"], now=DAY_AFTER, assignment=seat)
    reminders.plan(now=NOON_AFTER)
    reminders.dispatch_batch(reminders.due(now=NOON_AFTER), now=NOON_AFTER)
    states = dict(ReminderDispatch.objects.values_list("rule__name", "state"))
    assert states == {"Member": "skipped", "Editor": "done"}


def test_the_skip_names_who_reminded_them_and_when_and_the_chain_names_nobody(story, people):
    day_after_rule()
    seat = lone_seat(story)
    workflow.remind(seat.round.article, actor=people["tom"], now=DAY_AFTER, assignment=seat)
    row = dispatched()
    assert (row.state, row.skip_reason) == ("skipped", "Tom Okafor reminded them on 24 March 2026")
    body = AuditEvent.objects.get(kind="reminder.skipped").body
    assert json.loads(body)["data"]["reason"] == "a person has just reminded them"


def test_erasing_the_editor_takes_their_name_out_of_the_reasons(story, people):
    day_after_rule()
    seat = lone_seat(story)
    workflow.remind(seat.round.article, actor=people["ingrid"], now=DAY_AFTER, assignment=seat)
    dispatched()
    people["tom"].groups.add(Group.objects.get(name="chief editor"))
    erasure.erase(people["ingrid"], actor=User.system(), now=NOON_AFTER, reason="Asked for.")
    assert ReminderDispatch.objects.get().skip_reason == "a person has just reminded them"


def test_a_mail_of_the_clock_that_waits_is_not_sent_on_top_of_an_editors(story, people):
    day_after_rule()
    seat = lone_seat(story)
    dispatched()
    waiting = OutboxMessage.objects.get(kind="reminder")
    workflow.remind(seat.round.article, actor=people["tom"], now=NOON_AFTER, assignment=seat)
    reminder = next(kind for kind in MAIL_KINDS if kind.name == "reminder")
    assert reminder.irrelevant(waiting, NOON_AFTER + timedelta(hours=1)) == "a person has just reminded them"


def test_each_seat_remembers_both_kinds_apart_and_not_what_editors_were_told(story, people):
    day_after_rule(name="Editor", audience="handling_editor", offset_days=0)
    day_after_rule(name="Member")
    seat = lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    reminders.dispatch_batch(reminders.due(now=NOON_AFTER), now=NOON_AFTER)
    ReminderDispatch.objects.filter(rule__name="Editor").update(done_at=NOON_AFTER + timedelta(days=5))
    workflow.remind(seat.round.article, actor=people["tom"], now=NOON_AFTER + timedelta(days=1), assignment=seat)
    words = reminded.last_of([seat.pk]).words(seat.pk, ZoneInfo("UTC"))
    assert words == "reminded by Tom Okafor on 25 March 2026; reminded automatically on 24 March 2026"
