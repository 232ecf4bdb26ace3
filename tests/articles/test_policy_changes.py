"""What changed from one version of the policy to the next, in words, and each version at its own address."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from articles import policy_changes
from articles.projection import policy_pages
from editorial import clock, policies
from editorial.models import ChecklistItem, EditorialPolicy, Specialty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
INSIDE = "signatures (of these 2 in the article's specialty)"


@pytest.fixture
def first(people) -> EditorialPolicy:
    return EditorialPolicy.objects.get()


@pytest.fixture
def second(people, first) -> EditorialPolicy:
    """Version 2, the same as the first, in force since yesterday."""
    made = policies.draft_next(first, actor=people["ingrid"], in_force_from=clock.now().date() + DAY)
    EditorialPolicy.objects.filter(pk=made.pk).update(in_force_from=clock.now().date() - DAY)
    return EditorialPolicy.objects.get(pk=made.pk)


def between(first: EditorialPolicy, second: EditorialPolicy) -> dict:
    return policy_changes.between(*(EditorialPolicy.objects.get(pk=each.pk) for each in (first, second)))


def read(path: str) -> str:
    policy_pages.project()
    return Client().get(path).text.replace("&#x27;", "'")


def test_a_version_that_changes_nothing_says_so(first, second):
    assert between(first, second) == {"since": 1, "rules": [], "checklist": [], "text": []}
    assert "Neither the text nor a rule for readers changed." in read("/policy/")


def test_numbers_are_said_in_words_with_what_they_were(first, second):
    second.rules.filter(risk_tier="high", change_class="new").update(
        approvals=4, review_days=1, re_review_months=6, chief_confirms=True, changes_needed_blocks=False
    )
    assert between(first, second)["rules"] == [
        {
            "label": "New article at high risk",
            "said": [
                f"4 {INSIDE} instead of 3 {INSIDE}",
                "a chief editor confirms instead of an editor confirms",
                "1 day to review instead of 10 days to review",
                "reviewed again after 6 months instead of reviewed again after 12 months",
                "the editor decides on “changes needed”",
            ],
        }
    ]
    html = read("/policy/")
    assert "What changed since version 1" in html
    assert "<dd>1 day to review instead of 10 days to review</dd>" in html


def test_what_is_the_same_for_every_change_is_said_once(first, second):
    second.rules.filter(risk_tier="high").update(review_days=14)
    second.rules.filter(risk_tier="low", change_class__in=["new", "update"]).update(review_days=30)
    assert between(first, second)["rules"] == [
        {"label": "New article, update at low risk", "said": ["30 days to review instead of 21 days to review"]},
        {
            "label": "Every change at high risk that the board signs",
            "said": ["14 days to review instead of 10 days to review"],
        },
    ]


def test_a_rule_that_came_or_went_is_named(first, second):
    second.rules.get(risk_tier="low", change_class="urgent").delete()
    first.rules.get(risk_tier="low", change_class="new").delete()
    assert between(first, second)["rules"] == [
        {
            "label": "New article at low risk",
            "said": ["a rule of its own: 1 signature (in the article's specialty)"],
        },
        {"label": "Urgent at low risk", "said": ["no rule any more"]},
    ]


def test_another_specialty_that_must_sign_is_named(first, second):
    second.rules.get(risk_tier="low", change_class="new").also.add(Specialty.objects.get(slug="pharmacology"))
    (rule,) = between(first, second)["rules"]
    assert " and ".join(rule["said"]) == (
        "1 signature (in the article's specialty, 1 in Pharmacology)"
        " instead of 1 signature (in the article's specialty)"
    )


def test_questions_that_came_went_or_weigh_more_are_named(first, second):
    kept, gone = second.checklist.filter(critical=False)[:2]
    ChecklistItem.objects.filter(pk=kept.pk).update(critical=True)
    gone_text = gone.text
    gone.delete()
    ChecklistItem.objects.create(policy=second, position=99, code="plain", text="It is plain.")
    assert between(first, second)["checklist"] == [
        f"Critical now: {kept.text}",
        "New: It is plain.",
        f"No longer asked: {gone_text}",
    ]


def test_the_text_is_compared_word_by_word(first, second):
    EditorialPolicy.objects.filter(pk=first.pk).update(text="Every article is read by two physicians.")
    EditorialPolicy.objects.filter(pk=second.pk).update(text="Every article is read by three physicians.")
    html = read("/policy/v/2/")
    removed, added = re.search(r"<del>.*?</span>(\w+)<", html)[1], re.search(r"<ins>.*?</span>(\w+)<", html)[1]
    assert (removed, added) == ("two", "three")
    assert "<del>" not in read("/policy/v/1/")


def test_every_version_that_was_in_force_keeps_an_address(first, second):
    old = read("/policy/v/1/")
    assert "This version is not in force any more" in old
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/policy/v/1/">' in old
    assert '<a href="/policy/v/2/">' in old
    assert Client().get("/policy/v/2/").text == Client().get("/policy/").text
    assert "This version is not in force any more" not in Client().get("/policy/").text


def test_a_version_that_is_only_announced_has_no_address_yet(people, first):
    day = clock.now().date() + 30 * DAY
    policies.draft_next(first, actor=people["ingrid"], in_force_from=day)
    html = read("/policy/")
    assert f"Version 2, from {clock.shown(day)} on" in html
    assert "/policy/v/2/" not in html
    assert "slot:" not in html
    assert Client().get("/policy/v/2/").content == Client().get("/nowhere/").content


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999", "-1", "x"])
def test_a_version_that_there_is_not_is_the_one_404(first, number):
    assert Client().get(f"/policy/v/{number}/").content == Client().get("/nowhere/").content


def test_an_article_leads_to_the_very_version_it_was_reviewed_under(story, people):
    slug = story.published().slug
    made = policies.draft_next(
        EditorialPolicy.objects.get(), actor=people["ingrid"], in_force_from=clock.now().date() + DAY
    )
    EditorialPolicy.objects.filter(pk=made.pk).update(in_force_from=clock.now().date())
    html = Client().get(f"/articles/{slug}/").text
    assert '<a href="/policy/v/1/">editorial policy, version 1</a>' in html
    assert "This version is not in force any more" in read("/policy/v/1/")
