"""What became of a source after its article was published stands beside it at once; the signed text stays."""

import pytest
from django.test import Client

from articles import projection
from articles.models import Publication, Reference
from tests.articles.reader.test_versions import get
from tests.articles.test_ending import second
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import hold


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("retracted", '<span class="badge badge--bad">Retracted</span>'),
        ("withdrawn", '<span class="badge badge--bad">Withdrawn</span>'),
        ("concern", '<span class="badge badge--warn">Expression of concern</span>'),
        ("superseded", '<span class="badge badge--warn">Superseded</span>'),
    ],
)
def test_a_status_that_an_editor_records_is_on_every_version_at_once(status, label, story):
    article = second(story)
    tag = get(article)["ETag"]
    assert label not in get(article).text
    reference = Reference.objects.get(citations__key="sprint")
    reference.status = status
    reference.save()

    for rest in ("", "v/1/", "v/2/"):
        assert get(article, rest).text.count(label) == 1
    assert get(article, **{"if-none-match": tag}).status_code == 200
    assert found() == {}
    reference.status = "ok"
    reference.save()
    assert label not in get(article).text
    assert get(article)["ETag"] == tag


def test_what_takes_its_place_is_named(story):
    article = story.published()
    reference = Reference.objects.get(citations__key="aha")
    newer = Reference.objects.create(kind="guideline", title="2031 guideline", year=2031, doi="10.1161/new")
    reference.status, reference.superseded_by = "superseded", newer
    reference.save()
    assert "Superseded by: 2031 guideline (2031)" in get(article).text


def test_the_desk_records_it_and_the_page_follows(story):
    article = story.published()
    reference = Reference.objects.get(citations__key="sprint")
    url = f"/admin/articles/reference/{reference.pk}/change/"
    assert Person("tom").fill(url, having="doi", status="retracted").status_code == 302
    assert '<span class="badge badge--bad">Retracted</span>' in get(article).text


def test_no_author_edits_a_label_away_or_writes_the_words_beside_it(story):
    article = story.published()
    cited, newer = Reference.objects.get(citations__key="aha"), Reference(kind="guideline", title="2031 guideline")
    newer.save()
    cited.status, cited.superseded_by = "superseded", newer
    cited.save()
    nora, other = (
        Person("nora"),
        {"title": "It is safe in pregnancy", "doi": "10.1000/other", "pmid": "1", "year": "1999"},
    )
    for row in (cited, newer):
        url = f"/admin/articles/reference/{row.pk}/change/"
        assert nora.fill(url, having="authors", **other, volume="7").status_code == 302
        row.refresh_from_db()
        assert row.volume == "7"
    assert "Superseded by: 2031 guideline<" in get(article).text
    mine = Reference.objects.create(kind="research", title="Mine alone")
    assert nora.fill(f"/admin/articles/reference/{mine.pk}/change/", having="authors", title="Mine").status_code == 302
    assert Reference.objects.get(pk=mine.pk).title == "Mine"


def test_a_source_that_only_the_draft_cites_marks_nothing_on_the_page(story):
    article = story.revised(story.published())
    other = Reference.objects.create(
        kind="research", title="Another", year=2020, doi="10.1056/nejmoa1511939", status="retracted"
    )
    article.citations.create(reference=other, key="other")
    assert "Retracted</span>" not in get(article).text
    assert projection.differences(Publication.objects.get()) == []


def test_a_held_page_stays_held_when_a_source_is_retracted(story):
    article = hold(story, story.published())
    reference = Reference.objects.get(citations__key="sprint")
    reference.status = "retracted"
    reference.save()
    assert Client().get(f"/articles/{article.slug}/").status_code == 404
    assert found() == {}
