"""What a reminder costs the database, from its rule to its mail, whether one is due or thirty are."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import looking, outbox
from editorial.models import BoardMember, User
from reviews import reminders
from reviews.models import ReminderDispatch, ReviewAssignment
from tests.reviews.late import DUE, NOON_AFTER, day_after_rule, forget_news

pytestmark = pytest.mark.django_db

LOOK = 6
"""The rows themselves, their reminders, what these are about, absences, reminders by hand, and later ones."""


@pytest.fixture
def round(story):
    """An open round whose own seats are far from due."""
    day_after_rule()
    made = story.round("claire", "ravi")
    ReviewAssignment.objects.filter(round=made).update(review_on=DUE.replace(year=2030))
    forget_news()
    return made


def more_late_seats(round, count: int) -> None:
    """So many more members whose review was due on ``DUE``."""
    for _ in range(count):
        name = f"member{User.objects.count()}"
        user = User.objects.create(username=name, email=f"{name}@example.org")
        member = BoardMember.objects.create(user=user, slug=name, joined_on=DUE.replace(year=2020))
        ReviewAssignment.objects.create(
            round=round,
            member=member,
            state="accepted",
            respond_on=DUE,
            review_on=DUE,
            time_zone="UTC",
            assigned_at=round.opened_at,
            assigned_by=round.opened_by,
        )


def queries(act) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def steps(round, count: int) -> tuple[int, int, int]:
    """Queries of planning, dispatching and sending ``count`` reminders; each of them leaves as a mail."""
    more_late_seats(round, count)
    mail.outbox.clear()
    planning = queries(lambda: reminders.plan(now=NOON_AFTER))
    due = reminders.due(now=NOON_AFTER)
    assert len(due) == count
    dispatching = queries(lambda: reminders.dispatch_batch(due, now=NOON_AFTER))
    sending = queries(lambda: outbox.send_due(now=NOON_AFTER))
    assert len(mail.outbox) == count
    return planning, dispatching, sending


def test_planning_and_dispatching_ask_as_often_for_thirty_as_for_one(round):
    steps(round, 1)  # makes what is made once, such as the system's account
    costs = [steps(round, count)[:2] for count in (1, 3, 30)]
    assert costs == [costs[0]] * 3


def test_a_mail_costs_one_query_of_its_own_and_25_share_the_last_look(round):
    steps(round, 1)
    one, three, thirty = (steps(round, count)[2] for count in (1, 3, 30))
    assert three - one == 2
    assert looking.MAILS == 25
    assert thirty - three == 27 + LOOK


def test_nothing_tempts_the_planner_away_from_the_index_of_the_unique_key(db):
    """Right after a burst an index on the rule alone looks selective, and each seat meets each reminder."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, ReminderDispatch._meta.db_table)
    indexes = [about["columns"] for about in found.values() if about["index"] or about["unique"]]
    assert ["rule_id"] not in indexes
    assert ["target", "rule_id", "recipient_id", "occurrence", "due_version"] in indexes
