"""What the policy's form says of demand and capacity, of today's board and before anything is saved."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import clock, outlook
from editorial.models import BoardMember, ClosedPeriod, Credential, EditorialPolicy, User
from editorial.models.policy import RiskTier
from reviews import yearly
from tests.desk import Person
from tests.editorial.test_policy_versions import HAVING, change_rule, drafted, number_of, page


@pytest.fixture
def ingrid(people) -> Person:
    return Person("ingrid")


@pytest.fixture
def second(ingrid) -> EditorialPolicy:
    return drafted(ingrid, EditorialPolicy.objects.get())


def of(policy: EditorialPolicy, today) -> outlook.Outlook:
    return outlook.of([outlook.rule_of(rule) for rule in policy.rules.all()], today=today)


def test_a_year_is_counted_from_rounds_live_pages_and_articles(story):
    today = story.now.date()
    assert yearly.until(today).rounds == {}
    story.published()
    story.round(title="Another?")
    story.round(title="A third?", risk="low")
    counted = yearly.until(today)

    assert counted.rounds == {("standard", "new"): 2, ("low", "new"): 1}
    assert counted.live == {"standard": 1}
    assert counted.specialties == frozenset({"cardiology"})
    assert yearly.until(today + timedelta(days=400)).rounds == {}


def test_the_board_counts_whoever_could_sign_that_day(story):
    today = story.now.date()
    assert len(outlook.board_on(today)) == 9  # without the one whose licence has expired
    User.objects.filter(username="ana").update(is_active=False)
    BoardMember.objects.filter(user__username="kenji").update(left_on=today)
    BoardMember.objects.filter(user__username="eva").update(joined_on=today + timedelta(days=1))
    story.people["liam"].groups.clear()
    BoardMember.objects.filter(user__username="claire").update(load_limit=7)
    board = outlook.board_on(today)
    assert len(board) == 5
    assert [member.load_limit for member in board if member.load_limit] == [7]


def test_closed_days_of_the_coming_year_are_counted_once(people, now):
    today = now.date()
    for first, last in [(-3, 1), (1, 4), (360, 400)]:
        ClosedPeriod.objects.create(
            name="Closed", first_day=today + timedelta(days=first), last_day=today + timedelta(days=last)
        )
    assert outlook.closed_days(today) == 5 + 6


def test_the_page_weighs_what_is_needed_against_what_the_board_gives(story, ingrid, second):
    for number in range(4):
        story.round("claire", "ravi", title=f"Question {number}?") if number < 3 else None
    text = ingrid.client.get(page(second)).text
    assert "These rules need about 6 reviews a year; your board gives about 470." in text


def test_it_warns_of_a_specialty_that_nobody_on_the_board_has(story, ingrid, second):
    story.triaged()
    Credential.objects.filter(specialty__slug="cardiology").update(expires_on=clock.now().date() - timedelta(days=1))
    text = ingrid.client.get(page(second)).text
    everywhere = "(low risk: new article, update, correction, reaffirmation, urgent; standard risk: new"
    assert f"no member with a valid credential in Cardiology {everywhere}" in text


def test_a_rule_that_the_board_cannot_satisfy_is_saved_with_a_warning(story, ingrid, second):
    story.triaged()
    answer = change_rule(ingrid, second, "high", "new", approvals="3", in_specialty="3")
    assert answer.status_code == 302
    assert second.rules.get(risk_tier="high", change_class="new").in_specialty == 3
    said = ingrid.client.get(answer.url).text
    assert "only 2 members with a valid credential in Cardiology, 3 asked (high risk: new article)" in said


def test_it_warns_of_urgent_versions_without_a_chief(ingrid, second):
    change_rule(ingrid, second, "low", "urgent", chief_confirms=None)
    text = ingrid.client.get(page(second)).text
    assert "An urgent version at low risk would go out without a chief editor&#x27;s confirmation." in text


def test_the_typed_rules_are_weighed_without_being_saved(story, ingrid, second):
    story.round("claire", "ravi")
    fields = ingrid.fields(page(second), having=HAVING)
    prefix = number_of(fields, "standard", "new")
    answer = ingrid.fill(page(second), having=HAVING, **{f"{prefix}-approvals": "40", "text": "Typed", "_check": "1"})

    assert answer.status_code == 200
    assert "need about 40 reviews a year" in answer.text
    assert "40 approvals are asked, and only 9 members can sign today" in answer.text
    assert "Checked, and not saved yet" in answer.text
    assert ">\nTyped</textarea>" in answer.text
    second.refresh_from_db()
    assert second.text != "Typed"
    assert second.rules.get(risk_tier="standard", change_class="new").approvals == 2


def test_a_board_that_gives_too_little_is_said_so(story, ingrid, second):
    story.round("claire", "ravi")
    BoardMember.objects.update(load_limit=0)
    assert "more than it gives" in ingrid.client.get(page(second)).text


def test_the_page_costs_the_same_queries_for_a_large_board(ingrid, second, people):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ingrid.client.get(page(second)).status_code == 200
        return len(queries)

    before = cost()
    for number in range(12):
        user = User.objects.create(username=f"member-{number}")
        BoardMember.objects.create(user=user, slug=user.username, joined_on="2020-01-01")
    assert cost() == before
    assert before < 40


def test_every_tier_is_named_as_people_say_it(story):
    found = of(EditorialPolicy.objects.get(), story.now.date())
    EditorialPolicy.objects.get().rules.filter(change_class="urgent").delete()
    warnings = of(EditorialPolicy.objects.get(), story.now.date()).warnings
    assert found.warnings == ()
    assert warnings == tuple(
        f"There is no rule for {tier.label} risk, urgent: such rounds can't be opened." for tier in RiskTier
    )
