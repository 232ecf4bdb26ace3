"""Whoever changed a word since the last full review is a contributor; whoever only moved the article is none."""

from datetime import date, timedelta

import pytest
import time_machine

from articles import workflow as bare
from articles.contributors import contributors
from articles.models import AIContribution, Article, AudienceVariant, Citation, Reference, Topic
from editorial import verbs
from editorial.conditions import Refused
from reviews import workflow
from tests.conftest import NOW


@pytest.fixture
def story(story, monkeypatch):
    """The real clock follows the story's, so that what is saved outside verbs is dated in its order too."""
    with time_machine.travel(NOW, tick=False) as clock:
        tick = story.tick

        def follow():
            now = tick()
            clock.move_to(now, tick=False)
            return now

        monkeypatch.setattr(story, "tick", follow)
        yield story


@pytest.fixture
def names(story):
    by_pk = {user.pk: username for username, user in story.people.items()}
    return lambda article: {by_pk[pk] for pk in contributors(article)}


def change(story, username: str, row, **values) -> None:
    """Save the row with these values as this person, a minute later."""
    for name, value in values.items():
        setattr(row, name, value)
    user = story.people[username]
    with verbs.work(actor=user, now=story.tick()):
        verbs.save(row, actor=user)


def revised(story, username: str = "tom", **fields) -> Article:
    """A published article that is open for a new version."""
    return bare.revise(story.published(**fields), actor=story.people[username], now=story.tick(), reason="A new trial.")


@pytest.mark.sqlite
def test_an_author_is_a_contributor_before_a_word_is_changed(story, names):
    article = story.draft()
    article.authors.add(story.people["lena"])
    assert names(article) == {"nora", "lena"}


def test_whoever_made_the_draft_is_one_too(story, names):
    article = bare.create(actor=story.people["tom"], now=story.tick(), title="Do statins help?")
    assert names(article) == {"tom"}


VALUES = {
    "language": "de",
    "origin": "ai_assisted",
    "literature_current_to": date(2026, 1, 31),
    "conclusions_changed": True,
}


@pytest.mark.parametrize("field", Article.SNAPSHOT_FIELDS)
def test_whoever_changes_a_field_of_the_snapshot_is_one(story, names, field):
    article = story.draft()
    change(story, "lena", article, **{field: VALUES.get(field, "Changed.")})
    assert names(article) == {"nora", "lena"}


@pytest.mark.sqlite
def test_whoever_changes_the_text_is_one(story, names):
    article = story.draft()
    change(story, "lena", article.variants.get(), body=article.variants.get().body + "\nMore.\n")
    assert names(article) == {"nora", "lena"}


def test_changing_the_text_and_changing_it_back_still_makes_one(story, names):
    article = story.draft()
    variant = article.variants.get()
    body = variant.body
    change(story, "lena", variant, body="Nothing.")
    change(story, "lena", variant, body=body)
    assert names(article) == {"nora", "lena"}


def test_whoever_adds_or_removes_a_version_for_another_audience_is_one(story, names):
    article = story.draft()
    patient = AudienceVariant(article=article, audience="patient", body="Plain words.")
    change(story, "lena", patient)
    story.tick()
    patient._history_user = story.people["tom"]
    patient.delete()
    assert names(article) == {"nora", "lena", "tom"}


@pytest.mark.parametrize(
    "values", [{"key": "other"}, {"rationale": "It is about the fraud."}, {"cited_because_retracted": True}]
)
def test_whoever_changes_a_citation_is_one(story, names, values):
    article = story.draft()
    change(story, "lena", article.citations.first(), **values)
    assert names(article) == {"nora", "lena"}


def test_whoever_points_a_citation_at_another_reference_is_one(story, names):
    article = story.draft()
    other = Reference.objects.create(kind="research", title="Another trial", doi="10.1000/other")
    change(story, "lena", article.citations.first(), reference=other)
    assert names(article) == {"nora", "lena"}


def test_a_note_for_reviewers_makes_nobody_a_contributor(story, names):
    article = story.draft()
    change(story, "lena", article.citations.first(), supporting_quote="As the source says.")
    assert names(article) == {"nora"}


def test_whoever_declares_an_ai_contribution_is_one(story, names):
    article = story.draft()
    change(story, "lena", AIContribution(article=article, tool="A model", use="first draft"))
    assert names(article) == {"nora", "lena"}


def test_whoever_changes_the_topics_is_one(story, names):
    article = story.draft()
    article._history_user = story.people["lena"]
    article.topics.add(Topic.objects.create(name="Stroke", slug="stroke"))
    assert names(Article.objects.get()) == {"nora", "lena"}


@pytest.mark.parametrize("values", [{"products": "Cardioplex"}, {"sponsors": "Regenova"}, {"risk_tier": "high"}])
def test_what_the_page_does_not_show_makes_nobody_a_contributor(story, names, values):
    article = story.draft()
    change(story, "lena", article, **values)
    assert names(article) == {"nora"}


def test_saving_without_a_change_makes_nobody_a_contributor(story, names):
    article = story.draft()
    change(story, "lena", article)
    change(story, "lena", article.variants.get())
    change(story, "lena", article.citations.first())
    assert names(article) == {"nora"}


@pytest.mark.sqlite
def test_verbs_alone_make_nobody_a_contributor(story, names):
    tom = story.people["tom"]
    article = bare.submit(story.draft(), actor=tom, now=story.tick())
    workflow.withdraw(article, actor=tom, now=story.tick(), reason="Too soon.")
    round = story.round(article=Article.objects.get())
    article = workflow.request_changes(round.article, actor=tom, now=story.tick(), reason="The dose is missing.")
    assert names(article) == {"nora"}
    article = bare.submit(article, actor=tom, now=story.tick())
    article = workflow.reject(article, actor=tom, now=story.tick(), reason="Unsafe.")
    article = bare.reopen(article, actor=tom, now=story.tick(), reason="It is safe after all.")
    assert names(article) == {"nora"}


def test_after_a_full_review_earlier_editors_are_contributors_no_more(story, names):
    article = story.draft()
    change(story, "lena", article, short_answer="Below 130 mm Hg for most.")
    change(story, "lena", article.variants.get(), body=article.variants.get().body + "\nMore [@aha].\n")
    assert names(article) == {"nora", "lena"}
    assert names(revised(story, article=article)) == {"nora"}


def test_after_a_full_review_whoever_changes_the_new_version_is_one(story, names):
    article = revised(story)
    change(story, "lena", article.variants.get(), body=article.variants.get().body + "\nMore [@aha].\n")
    assert names(article) == {"nora", "lena"}


def test_a_change_between_approval_and_the_scheduled_day_counts(story, names):
    article = revised(story, article=story.draft(publish_not_before=NOW + timedelta(days=30)))
    assert article.publications.get().publish_not_before > story.now
    change(story, "lena", article.variants.get(), body=article.variants.get().body + "\nMore [@aha].\n")
    assert names(article) == {"nora", "lena"}


def test_giving_a_revision_up_keeps_the_authors_contributors(story, names):
    article = revised(story)
    change(story, "lena", article.variants.get(), body="Something else.")
    bare.discard_revision(article, actor=story.people["tom"], now=story.tick(), reason="Not now.")
    assert {"nora", "lena"} <= names(article)


def test_another_article_is_none_of_this_ones_business(story, names):
    mine, other = story.draft(), story.draft(title="Do statins help?", author="tom")
    change(story, "lena", other.variants.get(), body="Words.")
    assert (names(mine), names(other)) == ({"nora"}, {"tom", "lena"})


def test_a_contributor_may_not_confirm_what_they_changed(story):
    article = story.draft()
    change(story, "tom", article, short_answer="Below 130 mm Hg for most.")
    round = story.round(article=article)
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    with pytest.raises(Refused, match="You contributed"):
        story.confirm(article, "tom")
    assert story.confirm(article, "lena").state == "approved"


def test_one_query_whatever_the_length_of_the_history(story, django_assert_num_queries):
    article = story.draft()
    for number in range(10):
        change(story, "lena", article, short_answer=f"Answer {number}.")
    assert Citation.objects.exists()
    with django_assert_num_queries(1):
        contributors(article)


def test_whoever_changes_the_words_of_a_source_that_is_cited_is_one(story, names):
    article = story.draft()
    reference = Reference.objects.get(doi=article.citations.first().reference.doi)
    change(story, "lena", reference, title="100 mg is the recommended dose")
    assert names(article) == {"nora", "lena"}


def test_whoever_checks_a_source_for_retraction_is_none(story, names):
    article = story.draft()
    change(story, "lena", article.citations.first().reference, status="ok", status_checked_on=date(2026, 3, 1))
    assert names(article) == {"nora"}


def test_an_author_who_was_taken_off_stays_a_contributor(story, names):
    article = story.draft()
    with verbs.work(actor=story.people["tom"], now=story.tick()):
        article.authors.add(story.people["claire"])
        article.authors.remove(story.people["claire"])
    assert names(Article.objects.get()) == {"nora", "claire"}
