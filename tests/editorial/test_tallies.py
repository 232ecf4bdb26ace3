"""What every page counts, in SQL that is kept: the counts themselves are of this moment and of whoever looks."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import clock, health, tallies
from editorial.models import Notification, User
from reviews import desk
from reviews.models import ReviewAssignment, ReviewRound
from reviews.models.assignment import ended
from reviews.queue import counting
from tests.desk import Person

pytestmark = pytest.mark.sqlite


def news(user: User, count: int, now: datetime) -> None:
    Notification.objects.bulk_create(
        Notification(user=user, kind="news", text="N", path="/admin/", created_at=now) for _ in range(count)
    )


def test_people_of_the_same_roles_count_their_own(story, people, now):
    story.round("claire", "ravi")
    story.round("claire", "ravi", title="Another?")
    Notification.objects.all().delete()
    news(people["claire"], 2, now)
    news(people["ravi"], 3, now)
    story.sign(ReviewRound.objects.first(), "ravi")
    Notification.objects.exclude(text="N").delete()
    asked = {who: tallies.of_page(people[who]) for who in ("claire", "ravi", "nora")}
    assert asked["claire"] == {"unread": 2, "owed": 2}
    assert asked["ravi"] == {"unread": 3, "owed": 1}
    assert asked["nora"] == {"unread": 0}


def test_what_somebody_has_just_done_is_counted_already(story, people, now):
    article = story.submitted()
    news(people["tom"], 1, now)
    before = tallies.of_page(people["tom"])
    specialty = people["claire"].board_member.credentials.get().specialty_id
    values = {"specialty": specialty, "handling_editor": people["tom"].pk, "risk_tier": "low"}
    assert Person("tom").act(article.pk, "triage", **values).status_code == 302
    Notification.objects.update(read_at=now)
    after = tallies.of_page(people["tom"])
    assert [(c["triage"], c["panel"]) for c in (before, after)] == [(1, 0), (0, 1)]
    assert (before["unread"] > 0, after["unread"]) == (True, 0)


def test_a_new_role_is_counted_for_at_once(people):
    assert "triage" not in tallies.of_page(people["claire"])
    people["claire"].groups.add(Group.objects.get(name="editor"))
    assert {"triage", "owed"} <= set(tallies.of_page(User.objects.get(username="claire")))


def test_the_sql_is_written_once_for_people_of_the_same_roles(people):
    tallies._of_page.cache_clear()
    for who in ("tom", "lena", "tom"):
        tallies.of_page(people[who])
    assert tallies._of_page.cache_info().misses == 1


def test_no_day_begins_or_ends_within_a_quarter_of_an_hour():
    """Nights on which clocks change included: the kept SQL says which days are over in which zone."""
    zones = [ZoneInfo(name) for name in available_timezones()]
    for day in ((2026, 3, 8), (2026, 3, 29), (2026, 10, 4)):
        for n in range(96):
            first = datetime(*day, tzinfo=UTC) + n * tallies.QUARTER
            last = first + tallies.QUARTER - timedelta(seconds=1)
            assert tallies.quarter(last) == tallies.quarter(first) == first
            moved = [zone.key for zone in zones if clock.day_in(zone, first) != clock.day_in(zone, last)]
            assert moved == [], first


def test_a_review_is_counted_as_late_from_its_members_midnight_on(story, people):
    rows = ReviewAssignment.objects.filter(round=story.round())
    for zone in ("Pacific/Kiritimati", "Asia/Kathmandu", "America/St_Johns"):
        rows.update(time_zone=zone, review_on="2026-03-10")
        midnight = datetime(2026, 3, 11, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for minutes in (-900, -1, 0, 1, 900):
            at = midnight + timedelta(minutes=minutes)
            found = counting.counts(people["tom"], at)["overdue"]
            assert found == len(desk.overdue(ended(at))) == (minutes >= 0), (zone, minutes)


def test_a_count_stops_at_the_most(people, now, monkeypatch):
    monkeypatch.setattr("editorial.tallies.MOST", 2)
    news(people["tom"], 101, now)
    rows = {"news": Notification.objects.all(), "first": Notification.objects.all()[:1]}
    assert dict(tallies.counting(rows, tallies.MOST).rows(people["tom"])) == {"news": 3, "first": 1}
    assert tallies.shown(3) == "2+"
    assert "99+" in Person("tom").client.get("/admin/mail/").text


def test_nothing_to_count_asks_nothing(people):
    with CaptureQueriesContext(connection) as queries:
        assert tallies.counting({}).rows(people["tom"]) == []
    assert len(queries) == 0


def test_times_come_back_as_times(people):
    at = clock.now() - timedelta(hours=2)
    health.beat(health.CLOCK, at)
    assert health.standstill(people["tom"], clock.now()).since == at


@pytest.mark.parametrize("who", ["tom", "claire", "nora"])
def test_the_frame_asks_three_questions_at_most(people, who):
    """Beside the session, the person and their roles: counts, and for editors whether the clock runs."""
    client = Person(who).client
    client.get("/admin/search/?q=")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/admin/search/?q=").status_code == 200
    asked = [re.sub(r"\s+", " ", query["sql"]) for query in queries if query["sql"].startswith("SELECT")]
    assert len(asked) == (5 if who == "tom" else 4), asked
    assert not [sql for sql in asked if "auth_permission" in sql]
