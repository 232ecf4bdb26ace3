"""Obligations for a house under test: seats whose review was due the day before yesterday, each of a member of its own.

A mail of the day goes to each person, so that every obligation is a mail. Needs Django set up on the house's database.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from articles.projection import policy_pages
from editorial import clock
from editorial.models import BoardMember, MailPreferences, User
from editorial.presets import standard_policy
from reviews.demo.cast import make_cast
from reviews.models import ReminderRule, ReviewAssignment, ReviewRound
from tests.faults import racing
from tests.story import Story

LATE = timedelta(days=2)
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def opened() -> ReviewRound:
    """The cast, a policy, one rule, and a round on which nobody is late. What is fed are copies of it."""
    settings.PASSWORD_HASHERS = QUICK_HASHERS  # nobody signs in here
    now = clock.now() - timedelta(hours=1)
    people = make_cast(today=now.date())
    standard_policy(in_force_from=now.date().replace(year=now.year - 1))
    policy_pages.project()
    ReminderRule.objects.update(active=False)
    ReminderRule.objects.create(name="The day after", trigger="review_due", offset_days=1)
    return Story(people, now).round("claire", "ravi")


@transaction.atomic
def feed(original: ReviewRound, count: int) -> list[int]:
    """``count`` articles with one late seat each; the seats' ids. All of them or, when something dies, none."""
    now = clock.now()
    members = _members(count, now)
    rounds = racing.copies(original, count)
    seats = ReviewAssignment.objects.filter(round__in=rounds, member__user__username="claire").order_by("pk")
    late = list(seats)
    for seat, member in zip(late, members, strict=True):
        seat.member, seat.review_on, seat.time_zone = member, (now - LATE).date(), "UTC"
    ReviewAssignment.objects.bulk_update(late, ["member", "review_on", "time_zone"])
    return [seat.pk for seat in late]


def _members(count: int, now: datetime) -> list[BoardMember]:
    names = [f"member-{uuid.uuid4()}" for _ in range(count)]
    users = User.objects.bulk_create(User(username=name, email=f"{name}@example.org") for name in names)
    MailPreferences.objects.bulk_create(
        MailPreferences(user=user, hour=0, quiet_from=0, quiet_until=0) for user in users
    )
    return BoardMember.objects.bulk_create(
        BoardMember(user=user, slug=user.username, joined_on=(now - LATE).date()) for user in users
    )
