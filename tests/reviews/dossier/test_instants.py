"""What readers saw at an instant, told by the audit chain alone; and a record of several versions."""

import json
from datetime import timedelta

import pytest

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article
from editorial.models import PersonalText
from reviews import workflow
from reviews.dossier import chain
from reviews.states import VerdictKind
from tests.reviews.dossier.folders import exported, passes

SENTENCE = "A target below 130 mm Hg is recommended"
NEW = "A target below 120 mm Hg is recommended"


def seen(article, tmp_path, story, at, **options) -> str:
    """What the page of that instant says."""
    folder = exported(article, tmp_path / f"{at:%m%d%H%M%S}", story.tick(), at=at, **options)
    passes(folder)
    (page,) = folder.glob("pages/at-*.html")
    return page.read_text()


@pytest.fixture
def times(story) -> dict:
    """One article's life: published, held, lifted, retracted; with an instant in each time."""
    people, marks = story.people, {"before": story.now}
    article = story.published()
    marks["live"] = story.tick()
    lifecycle.hold(article, actor=people["tom"], now=story.tick(), reason="A dose.", proof=story.proof("tom"))
    marks["held"] = story.tick()
    workflow.lift(
        article, actor=people["ingrid"], now=story.tick(), reason="It was right.", proof=story.proof("ingrid")
    )
    marks["lifted"] = story.tick()
    notice, proof = "The trial was made up.", story.proof("ingrid")
    lifecycle.retract(article, actor=people["ingrid"], now=story.tick(), notice=notice, proof=proof)
    marks["retracted"] = story.tick()
    return {**marks, "article": Article.objects.get(pk=article.pk)}


@pytest.mark.parametrize(
    ("when", "text", "words"),
    [
        ("before", False, "isn't here"),
        ("live", True, ""),
        ("held", False, "temporarily withdrawn"),
        ("lifted", True, ""),
        ("retracted", True, "The trial was made up."),
    ],
)
def test_the_page_of_an_instant_is_what_stood_then(story, times, tmp_path, when, text, words):
    page = seen(times["article"], tmp_path, story, times[when])
    assert (SENTENCE in page) is text
    assert ("RETRACTED" in page) is (when == "retracted")
    if when != "before":
        assert words in page


def test_a_review_that_was_overdue_then_is_said_to_be(story, tmp_path):
    article = story.published()
    due = article.publications.get().next_review_due
    assert "Review overdue" not in seen(article, tmp_path, story, story.now)
    later = story.now.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=1)
    assert "Review overdue" in seen(article, tmp_path, story, later)


def test_a_revision_under_review_then_is_said_to_be(story, tmp_path):
    article = story.published()
    calm = story.tick()
    revised(story, article)
    busy = story.tick()
    assert "Update under review" not in seen(article, tmp_path, story, calm)
    assert "Update under review" in seen(article, tmp_path, story, busy)


def revised(story, article):
    """A round over a second version with other words."""
    opened = bare.revise(article, actor=story.people["nora"], now=story.tick(), reason="New trial.")
    variant = opened.variants.get()
    variant.body = variant.body.replace("130", "120")
    variant.save()
    opened.change_note, opened.conclusions_changed = "A lower target.", True
    opened.save()
    return story.round(article=Article.objects.get(pk=article.pk))


@pytest.fixture
def two_versions(story) -> Article:
    round = revised(story, story.published())
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return Article.objects.get(pk=story.confirm(round.article).pk)


@pytest.mark.parametrize("redacted", [False, True])
def test_two_versions_stand_with_their_texts_and_their_difference(story, two_versions, tmp_path, redacted):
    folder = exported(two_versions, tmp_path / "d", story.tick(), redacted=redacted)
    assert "versions with a quorum: 2" in passes(folder)
    difference = (folder / "differences" / "1-to-2.html").read_text()
    assert "<del>" in difference
    assert "<ins>" in difference
    assert len(list(folder.glob("texts/*.html"))) == 2
    assert SENTENCE in (folder / "pages" / "version-1-clinician.html").read_text()
    assert NEW in (folder / "pages" / "version-2-clinician.html").read_text()
    summary = json.loads((folder / "dossier.json").read_text())
    assert [(v["number"], v["status"], v["round"]) for v in summary["versions"]] == [
        (1, "superseded", 1),
        (2, "live", 2),
    ]


def test_a_round_that_came_to_nothing_keeps_its_text_in_full_alone(story, tmp_path):
    article = story.published()
    round = revised(story, article)
    story.sign(round, "claire", VerdictKind.CHANGES_NEEDED, comment="Too low.")
    full = exported(article, tmp_path / "full", story.tick())
    redacted = exported(article, tmp_path / "redacted", story.tick(), redacted=True)
    passes(full)
    passes(redacted)
    assert len(list(full.glob("texts/*.json"))) == 2
    assert len(list(redacted.glob("texts/*.json"))) == 1


def test_an_erased_private_note_is_counted_and_not_missed(story, tmp_path):
    round = story.round()
    story.sign(round, "claire", private_note="Between us.")
    PersonalText.objects.update(text="", erased_at=story.tick())
    folder = exported(round.article, tmp_path / "d", story.tick())
    assert "personal texts erased: 1" in passes(folder)


def test_of_a_long_record_only_the_links_around_the_article_are_exported(story, tmp_path, monkeypatch):
    story.draft(title="Another question?")
    article = story.published()
    story.draft(title="A third question?")
    monkeypatch.setattr(chain, "SMALL", 3)
    folder = exported(article, tmp_path / "d", story.tick())
    passes(folder)
    summary = json.loads((folder / "dossier.json").read_text())["chain"]
    assert (summary["first"] > 1, summary["complete"]) == (True, False)
    whole = exported(article, tmp_path / "whole", story.tick(), chain=True)
    passes(whole)
    assert json.loads((whole / "dossier.json").read_text())["chain"]["complete"] is True


def test_every_page_of_a_dossier_asks_nothing_of_the_network(story, two_versions, tmp_path):
    folder = exported(two_versions, tmp_path / "d", story.tick(), at=story.now)
    for page in folder.rglob("*.html"):
        text = page.read_text()
        assert "src=" not in text, page
        assert "@import" not in text, page
        for sheet in text.split('rel="stylesheet" href="')[1:]:
            assert (page.parent / sheet.partition('"')[0]).is_file(), page
