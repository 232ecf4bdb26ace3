"""An alternate stands by: not written to, not reminded, and shown nothing until somebody drops out."""

from datetime import timedelta

import pytest

from editorial import outbox
from editorial.models import OutboxMessage
from reviews import conditions, reminders, workflow
from reviews.models import ReminderDispatch, ReviewAssignment
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.late import day_after_rule
from tests.reviews.panels import end, mail_to, opened, states


def test_a_waiting_alternate_is_not_written_to_reads_nothing_and_is_shown_nothing(story):
    round = opened(story, alternates=["eva"])
    seat, eva = story.seat(round, "eva"), Person("eva")
    assert mail_to("eva") == []
    assert eva.client.get(seat.get_absolute_url()).status_code == 404
    assert eva.client.post(seat.get_absolute_url(), {"declare": "1"}).status_code == 404
    assert round.article.title not in eva.client.get("/admin/").text
    for verb in ("accept", "step_aside", "recuse"):
        assert eva.client.get(f"/admin/seats/{seat.pk}/{verb}/").status_code == 404


@pytest.mark.parametrize("verb", ["declare", "step_aside", "accept", "recuse"])
def test_a_waiting_alternate_has_nothing_to_answer(verb, story):
    round = opened(story, alternates=["eva"])
    given = {"declare": {"has_conflict": False}, "accept": {}}.get(verb, {"reason": "No."})
    refusal = conditions.may_answer(story.seat(round, "eva"), story.people["eva"])
    assert refusal.reason == "You stand by as an alternate: nothing is asked of you yet."
    with pytest.raises(Exception, match="You stand by as an alternate"):
        getattr(workflow, verb)(
            round.article,
            actor=story.people["eva"],
            now=story.tick(),
            assignment=story.seat(round, "eva"),
            **given,
        )


def test_after_promotion_the_text_can_be_read(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "decline")
    assert Person("eva").client.get(story.seat(round, "eva").get_absolute_url()).status_code == 200


@pytest.mark.parametrize("verdict", [VerdictKind.CHANGES_NEEDED, VerdictKind.APPROVE])
def test_a_round_that_closes_releases_its_alternates_without_a_word(verdict, story):
    round = opened(story, alternates=["eva"])
    story.sign(round, "claire", verdict, comment="The dose.")
    if verdict == VerdictKind.APPROVE:
        story.confirm(story.sign(round, "ravi"))
    assert states(round)["eva"] == ("alternate", "released")
    assert not OutboxMessage.objects.filter(recipient__username="eva").exists()


def test_members_see_no_alternates_and_editors_see_them_in_line(story):
    round = opened(story, alternates=["eva", "liam"])
    page = Person("claire").client.get(story.seat(round, "claire").get_absolute_url()).text
    assert "Eva Novak" not in page
    desk = Person("tom").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    assert "alternate 1" in desk
    assert "Standing by" in desk


def test_a_waiting_alternate_is_never_reminded(story):
    rule = day_after_rule()
    round = opened(story, alternates=["eva"])
    late = story.now + timedelta(days=30)
    reminders.plan(now=late)
    reminded = ReminderDispatch.objects.values_list("assignment__member__user__username", flat=True)
    assert sorted(reminded) == ["claire", "ravi"]
    seat = story.seat(round, "eva")
    row = ReminderDispatch(
        rule=rule,
        target=seat.subject,
        assignment=seat,
        recipient=story.people["eva"],
        due_version=1,
        scheduled_for=late,
    )
    assert reminders.irrelevant(row, now=late) == "an alternate who stands by owes nothing"


def test_a_mail_to_somebody_who_stands_by_again_is_not_sent(story):
    round = opened(story, alternates=["eva"])
    end(story, round, "ravi", "decline")
    ReviewAssignment.objects.filter(member__user__username="eva").update(seat="alternate")
    outbox.send_due(now=story.now + timedelta(minutes=5))
    assert OutboxMessage.objects.get(recipient__username="eva").status == "skipped"
