"""Whatever the page shows is in the digest: change any of it and no earlier approval applies."""

import hashlib

import pytest

from articles import content, snapshots
from articles.models import AIContribution, Article, AudienceVariant, Citation, Reference, Topic


def digest(article: Article) -> str:
    return snapshots.of(Article.objects.get(pk=article.pk)).digest


def change(model, **values):
    """Set fields of the first row past every check, as plain SQL would."""

    def run(article):
        rows = model.objects.filter(pk=article.pk) if model is Article else model.objects.all()
        first = rows.order_by("pk").first()
        model.objects.filter(pk=first.pk).update(**values)

    return run


CHANGES = {
    "title": change(Article, title="How high should it be?"),
    "short answer": change(Article, short_answer="Another answer."),
    "language": change(Article, language="de"),
    "region": change(Article, region="Norway"),
    "byline": change(Article, byline="Somebody Else, MD"),
    "funding": change(Article, funding="A company"),
    "origin": change(Article, origin="ai_assisted"),
    "change note": change(Article, change_note="A new trial."),
    "literature date": change(Article, literature_current_to="2026-01-01"),
    "conclusions": change(Article, conclusions_changed=True),
    "one character of the text": lambda a: AudienceVariant.objects.update(
        body=AudienceVariant.objects.get().body.replace("130", "13O")
    ),
    "audience": change(AudienceVariant, audience="patient"),
    "a second variant": lambda a: AudienceVariant.objects.create(article=a, audience="patient", body="Text."),
    "certainty": lambda a: AudienceVariant.objects.update(
        body=AudienceVariant.objects.get().body.replace("certainty=moderate", "certainty=high")
    ),
    "topic": lambda a: a.topics.add(Topic.objects.create(name="Stroke", slug="stroke")),
    "a topic's name": change(Topic, name="High blood pressure"),
    "key": lambda a: Citation.objects.filter(key="aha").update(key="aha2"),
    "a reference's title": change(Reference, title="Another title"),
    "a reference's year": change(Reference, year=1999),
    "a reference's DOI": change(Reference, doi="10.1000/other"),
    "a reference's kind": change(Reference, kind="other"),
    "why a source is cited": change(Citation, cited_because_retracted=True, rationale="To refute it."),
    "AI contribution": lambda a: AIContribution.objects.create(article=a, tool="T", use="outline"),
    "an author's name": lambda a: a.authors.update(last_name="Field"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_digest_changes_with(story, what):
    article = story.draft()
    before = digest(article)
    CHANGES[what](article)

    assert digest(article) != before


@pytest.mark.parametrize("name", ["products", "sponsors", "risk_tier"])
def test_the_digest_leaves_out_what_the_page_does_not_show(story, name):
    article = story.draft()
    before = digest(article)
    Article.objects.filter(pk=article.pk).update(**{name: "low"})

    assert digest(article) == before


def test_submission_stores_the_bytes_that_give_the_digest_and_html_that_the_snapshot_names(story):
    article = story.submitted()

    assert content.digest(article.frozen_snapshot) == article.frozen_digest
    variant = content.parse(article.frozen_snapshot)["variants"][0]
    assert hashlib.sha256(article.frozen_html["clinician"].encode()).hexdigest() == variant["html_sha256"]


def test_editing_a_shared_reference_touches_no_frozen_text(story):
    article = story.submitted()
    Reference.objects.update(title="Changed in the library")

    assert "Changed in the library" not in Article.objects.get(pk=article.pk).frozen_snapshot


def test_a_citation_without_a_source_is_shown_as_missing(story):
    article = story.draft()
    Citation.objects.filter(key="sprint").delete()
    snapshot = snapshots.of(article)

    assert "citation--missing" in snapshot.html["clinician"]
    codes = [finding.code for finding in snapshots.findings(article, today=story.now.date())]
    assert "marker-unresolved" in codes
    assert codes.count("marker-unresolved") == 1
