"""An editor reminds one member by hand: who may, of what, and what is written."""

from datetime import timedelta

import pytest

from editorial.models import User
from reviews import seat_conditions
from reviews.models import ManualReminder, ReviewAssignment
from tests.reviews.late import forget_news
from tests.reviews.panels import mail_to, opened, use


def late(story, **values) -> ReviewAssignment:
    """Claire's seat, three days late; Ravi sits beside her, Eva stands by."""
    round = opened(story, alternates=["eva"], **values)
    ReviewAssignment.objects.filter(round=round).update(review_on=story.now.date() - timedelta(days=3))
    forget_news()
    return story.seat(round, "claire")


def test_a_reminder_writes_a_notice_a_mail_and_an_event(story):
    seat = late(story)
    use(story, seat, "remind", "tom")
    assert mail_to("claire") == [
        "A reminder from Tom Okafor: Your review of “How low should blood pressure be?” was due on 27 February 2026."
    ]
    assert ManualReminder.objects.get().sent_by == User.objects.get(username="tom")
    assert seat_conditions.may_remind(seat, story.people["tom"], now=story.now + timedelta(days=3))
