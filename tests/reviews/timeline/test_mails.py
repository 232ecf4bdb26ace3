"""Every mail about an article says so, so that the article's timeline finds it."""

from importlib import import_module

from django.apps import apps

from editorial.models import OutboxMessage
from editorial.verbs import subject_now
from reviews import workflow
from reviews.models import ReminderDispatch, ReminderRule
from reviews.reminders import dispatching
from tests.desk import Person


def subjects() -> set[str]:
    return set(OutboxMessage.objects.values_list("subject", flat=True))


def test_what_a_verb_writes_is_about_the_row_that_the_verb_took(story):
    article = story.round().article
    assert subjects() == {article.subject}
    assert OutboxMessage.objects.count() == 2
    assert subject_now() == ""


def test_a_reminder_of_the_clock_is_about_the_article_of_its_seat(story):
    round = story.round()
    OutboxMessage.objects.all().delete()
    seat = story.seat(round, "claire")
    rule = ReminderRule.objects.create(name="At once", trigger="review_due", offset_days=-3)
    due = seat.due_at()
    reminder = ReminderDispatch.objects.create(
        rule=rule,
        target=seat.subject,
        assignment=seat,
        article=round.article,
        recipient=seat.member.user,
        due_version=str(seat.due_version),
        scheduled_for=due.replace(day=due.day - 3),
    )
    assert dispatching.claim(reminder.pk, now=reminder.scheduled_for)
    assert dispatching.dispatch(reminder.pk, now=reminder.scheduled_for)
    assert subjects() == {round.article.subject}


def test_mails_written_before_are_told_apart_by_the_page_that_they_link_to(story):
    round = story.round()
    other = story.round(title="Another one?")
    workflow.request_changes(round.article, actor=story.people["tom"], now=story.tick(), reason="The dose.")
    OutboxMessage.objects.filter(payload__path="/admin/").delete()
    expected = dict(OutboxMessage.objects.values_list("pk", "subject"))
    assert set(expected.values()) == {round.article.subject, other.article.subject}
    OutboxMessage.objects.update(subject="")
    lost = OutboxMessage.objects.create(
        kind="news", recipient=story.people["tom"], payload=[], not_before=story.now, created_at=story.now
    )
    import_module("reviews.migrations.0007_mail_about_articles").name_subjects(apps, None)
    assert dict(OutboxMessage.objects.values_list("pk", "subject")) == {**expected, lost.pk: ""}


def test_reminding_by_hand_says_who_is_told_and_whose_turn_it_is(story, now_is):
    round, tom = story.round(), Person("tom")
    seat = story.seat(round, "claire")
    answer = tom.fill(f"/admin/remind/?seat={seat.pk}", having="request_id", seat=str(seat.pk))
    text = tom.client.get(answer["Location"]).text.split('class="outcome"')[1].split("</section>")[0]
    assert "A reminder is on its way to Claire Dubois." in text
    assert "Claire Dubois: reminder by hand, at once" in text
    assert "Claire Dubois and Ravi Menon: review" in text
