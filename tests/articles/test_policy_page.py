"""Readers see the policy in force: its text, rules, checklist, and since when; never a disabled one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublicPolicy
from articles.projection import policy_pages
from editorial import clock, policies
from editorial.models import EditorialPolicy, Specialty

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.now().date()


@pytest.fixture
def first(people) -> EditorialPolicy:
    return EditorialPolicy.objects.get()


def drafted(people, *, on, **rule) -> EditorialPolicy:
    """The next version, in force since or from that day."""
    newest = EditorialPolicy.objects.first()
    made = policies.draft_next(newest, actor=people["ingrid"], in_force_from=clock.now().date() + DAY)
    EditorialPolicy.objects.filter(pk=made.pk).update(in_force_from=on)
    made.rules.update(**rule) if rule else None
    policy_pages.project()
    return EditorialPolicy.objects.get(pk=made.pk)


def shown() -> str:
    return Client().get("/policy/").text.replace("&#x27;", "'")


def disable(people, policy: EditorialPolicy) -> None:
    policies.disable(policy, actor=people["ingrid"], reason="Too much.")


def test_it_shows_the_rules_by_risk_and_the_checklist(first):
    rule = first.rules.get(risk_tier="high", change_class="new")
    rule.also.add(Specialty.objects.get(slug="pharmacology"))
    policy_pages.project()
    text = shown()

    assert "Version 1, in force from 2 March 2025" in text
    assert "At high risk" in text
    assert ">3, of these 2 in the article's specialty, 1 in Pharmacology</td>" in text
    assert ">an editor confirms</td>" in text
    assert "a second editor signs" in text
    assert "Doses, routes and intervals are right, or none are given. <strong>Critical.</strong>" in text
    assert (
        "Benefits, harms, uncertainty and doing nothing are all weighed. <em>New articles and updates alone.</em>"
        in text
    )
    assert "Versions of this policy" not in text


def test_a_later_version_is_announced_and_not_shown_yet(people, first, today):
    day = today + 30 * DAY
    drafted(people, on=day)
    text = shown()
    assert "Version 1, in force from 2 March 2025" in text
    assert f"Version 2, from {clock.shown(day)} on" in text
    assert f"Version 1, from 2 March 2025 until {clock.shown(day - DAY)}" in text


def test_the_newest_version_that_has_begun_is_shown(people, first, today):
    drafted(people, on=today)
    assert f"Version 2, in force from {clock.shown(today)}" in shown()


def test_a_disabled_version_is_not_shown_and_the_one_before_is_in_force_again(people, first, today):
    second = drafted(people, on=today - 9 * DAY)
    disable(people, second)
    text = shown()

    assert f"Version 1, in force from {clock.shown(today)}" in text
    assert f"Version 2, from {clock.shown(today - 9 * DAY)}, taken out of force on {clock.shown(today)}" in text
    assert Client().get("/policy/v/1/").text == Client().get("/policy/").text
    kept = Client().get("/policy/v/2/").text
    assert "This version is not in force any more" in kept
    assert f"in force from {clock.shown(today - 9 * DAY)}, taken out of force on {clock.shown(today)}" in kept
    assert list(policy_pages.differences()) == []


def test_a_version_that_was_disabled_before_its_day_never_came_into_force(people, first, today):
    disable(people, drafted(people, on=today + 9 * DAY))
    text = shown()
    assert "Version 1, in force from 2 March 2025" in text
    assert "Version 2 never came into force" in text


def test_a_version_that_a_newer_one_overtook_never_came_into_force(people, first, today):
    drafted(people, on=today + 9 * DAY)
    drafted(people, on=today + 5 * DAY)
    assert "Version 2 never came into force" in shown()


def test_without_a_version_in_force_there_is_no_policy_page(people, first):
    disable(people, first)
    assert Client().get("/policy/").status_code == 404


def test_verification_finds_a_disabled_version_that_is_still_shown_as_in_force(people, first):
    EditorialPolicy.objects.filter(pk=first.pk).update(disabled_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert list(policy_pages.differences()) == [("PublicPolicy 1", "isn't what the policy says")]
    policy_pages.project()
    assert list(policy_pages.differences()) == []


def test_verification_finds_a_version_that_was_never_in_force_and_is_shown(people, first):
    PublicPolicy.objects.create(version=7, in_force_from=first.in_force_from, main_html="Anything goes.")
    assert list(policy_pages.differences()) == [("PublicPolicy 7", "is shown, and no such version was ever in force")]
    policy_pages.project()
    assert list(policy_pages.differences()) == []


def test_verification_finds_a_row_that_says_something_else(first):
    PublicPolicy.objects.update(main_html="Anything goes.")
    assert list(policy_pages.differences()) == [("PublicPolicy 1", "isn't what the policy says")]
    PublicPolicy.objects.all().delete()
    assert [message for _row, message in policy_pages.differences()] == ["is missing; run `manage.py rebuild_public`"]


def test_it_costs_one_query_for_many_versions(people, first, today):
    for number in range(3):
        drafted(people, on=today - number * DAY)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/policy/").status_code == 200
    assert len(queries) == 1


def test_verification_costs_the_same_for_many_versions(people, first, today):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert list(policy_pages.differences()) == []
        return len(queries)

    before = cost()
    for number in range(3):
        drafted(people, on=today - number * DAY)
    assert cost() == before
