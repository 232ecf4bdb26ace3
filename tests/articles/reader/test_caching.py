"""What a reader's cache may keep of an article's addresses, and what it must ask for again."""

from datetime import date

import pytest
from django.test import Client

from articles.models import PublicPage
from articles.reader import shell
from tests.articles.reader.test_versions import get
from tests.articles.test_ending import ended, second
from tests.reading import headers as shown

ADDRESSES = ("", "v/1/", "v/2/", "v/1/changes/", "v/2/changes/", "history/")


@pytest.mark.sqlite
def test_each_address_has_an_etag_of_its_own_and_stays_fresh_for_a_minute(story):
    article = second(story)
    tags = {}
    for rest in ADDRESSES:
        page = get(article, rest)
        tags[rest] = page["ETag"]
        assert page["Cache-Control"] == "public, max-age=60"
        assert "Vary" not in page
        assert "Set-Cookie" not in page
        again = get(article, rest, **{"if-none-match": f'"x", W/{page["ETag"]}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
        assert again["Cache-Control"] == "public, max-age=60"
    assert len(set(tags.values())) == len(tags) - 1  # the newest is the same page at two addresses
    assert tags[""] == tags["v/2/"]


def test_head_is_the_same_answer_without_its_body(story):
    article = second(story)
    for rest in (*ADDRESSES, "v/9/"):
        url = f"/articles/{article.slug}/{rest}"
        head, whole = Client().head(url), Client().get(url)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert {**shown(head), "Content-Length": ""} == {**shown(whole), "Content-Length": ""}


@pytest.mark.parametrize(("how", "status"), [("on_hold", 404), ("retracted", 200), ("retired", 200), ("removed", 410)])
def test_an_old_etag_of_any_address_gets_a_full_answer(how, status, story):
    article = second(story)
    tags = {rest: get(article, rest)["ETag"] for rest in ADDRESSES}
    ended(story, article, how)

    untouched = {"v/1/", "v/1/changes/", "v/2/changes/"} if how == "retired" else set()
    for rest, tag in tags.items():
        page = get(article, rest, **{"if-none-match": tag})
        assert page.status_code == (304 if rest in untouched else status), rest
        if how in ("on_hold", "removed"):
            assert not page.has_header("ETag")
            assert page["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_late_review_and_a_new_look_change_the_etag(story, monkeypatch):
    article = story.published()
    PublicPage.objects.update(next_review_due=date(2199, 1, 1))
    first = get(article)["ETag"]
    PublicPage.objects.update(next_review_due=date(2020, 1, 1))
    late = get(article)["ETag"]
    monkeypatch.setattr(shell, "build", lambda: "another-look")
    looks = get(article)["ETag"]
    assert len({first, late, looks}) == 3
    assert get(article, "v/1/", **{"if-none-match": late}).status_code == 200


def test_what_is_missing_is_not_kept(story):
    article = second(story)
    assert get(article, "v/9/")["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not get(article, "v/9/").has_header("ETag")
