"""Each version stays readable at its own address, and says that it isn't the newest; on hold none says a word."""

import pytest
from django.conf import settings
from django.test import Client

from articles import projection
from articles.models import Publication, PublicPage
from reviews import workflow
from reviews.models import Signature
from tests.articles.test_ending import REASON, SENTENCE, ended, second, send
from tests.editorial.test_verify import found
from tests.reading import headers

OLD, NEW = "130 mm Hg", "125 mm Hg"
BANNER = "You are reading version 1, which is not the newest"


def get(article, rest: str = "", **headers: str):
    return Client().get(f"/articles/{article.slug}/{rest}", headers=headers)


def canonical(article) -> str:
    return f'<link rel="canonical" href="{settings.PUBLIC_URL}/articles/{article.slug}/">'


@pytest.mark.sqlite
def test_an_older_version_shows_its_own_text_and_leads_to_the_newest(story):
    article = second(story)
    page = get(article, "v/1/")

    assert page.status_code == 200
    assert SENTENCE in page.text
    assert NEW not in page.text
    assert BANNER in page.text
    assert f'/articles/{article.slug}/">Read the current version' in page.text
    assert canonical(article) in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "next review due" not in page.text


def test_the_newest_version_has_an_address_of_its_own_too(story):
    article = second(story)
    page = get(article, "v/2/")

    assert page.status_code == 200
    assert NEW in page.text
    assert "not the newest" not in page.text
    assert canonical(article) in page.text
    assert "noindex" not in page.text


def test_a_version_that_there_never_was_is_the_one_404(story):
    article = second(story)
    unknown = Client().get("/articles/unknown/")
    for rest in ("v/3/", "v/0/", "v/01/", "v/999999999/", "v/99999999999999999999/", "v/3/changes/", "v/1/nothing/"):
        answer = get(article, rest)
        assert (answer.status_code, answer.content) == (404, unknown.content), rest
        assert headers(answer) == headers(unknown)


@pytest.mark.parametrize("rest", ["v/1/", "v/2/", "v/1/changes/", "v/2/changes/", "history/", "v/7/"])
def test_each_takes_one_query(rest, story, django_assert_num_queries):
    article = second(story)
    get(article, rest)
    with django_assert_num_queries(1):
        get(article, rest)


def words_in_rows() -> str:
    """All that the reader's rows say of any version."""
    fields = ("title", "short_answer", "review_line", "main_html", "entry_html", "changes_html", "head_html")
    return "\n".join(text for row in PublicPage.objects.values_list(*fields) for text in row)


@pytest.mark.sqlite
@pytest.mark.parametrize(("how", "status"), [("on_hold", 404), ("removed", 410)])
def test_no_version_says_a_word_while_the_newest_is_withheld(how, status, story):
    article = ended(story, second(story), how)

    for rest in ("", "v/1/", "v/2/", "v/1/changes/", "v/2/changes/", "history/"):
        page = get(article, rest)
        assert page.status_code == status, rest
        assert '<meta name="robots" content="noindex">' in page.text
        assert "canonical" not in page.text
        assert ("temporarily withdrawn" if how == "on_hold" else REASON) in page.text
        for gone in (article.title, "mm Hg", "For most adults", "Claire Dubois", "A slip of the pen"):
            assert gone not in page.text, (rest, gone)
    for gone in (article.title, "mm Hg", "For most adults", "Claire Dubois", "A slip of the pen"):
        assert gone not in words_in_rows(), gone
    assert found() == {}


def test_when_a_hold_is_lifted_every_version_is_as_it_was(story):
    article = second(story)
    addresses = ("", "v/1/", "v/2/", "v/2/changes/", "history/")
    before = [get(article, rest).content for rest in addresses]
    ended(story, article, "on_hold")
    workflow.lift(
        article,
        actor=story.people["ingrid"],
        now=story.tick(),
        reason="The dose was right.",
        proof=story.proof("ingrid"),
    )
    assert [get(article, rest).content for rest in addresses] == before
    assert found() == {}


def test_when_a_version_is_brought_back_the_others_are_readable_again(story):
    article = ended(story, second(story), "on_hold")
    send("ingrid", article, "restore")

    assert OLD in get(article).text
    assert "Version 1, brought back." in get(article, "history/").text
    assert OLD in get(article, "v/1/").text
    assert NEW in get(article, "v/2/").text
    assert "not the newest" in get(article, "v/2/").text
    assert found() == {}


def test_each_version_of_a_retracted_article_says_so_first(story):
    article = ended(story, second(story), "retracted")

    for rest in ("", "v/1/", "v/2/"):
        page = get(article, rest)
        assert page.status_code == 200
        assert f"<title>RETRACTED: {article.title}" in page.text
        assert "This article has been retracted" in page.text
        assert "The trial was made up." in page.text
        assert "Read the retraction notice" in page.text
        assert "Show the retracted text" in page.text
        assert "stepper" not in page.text
    assert BANNER in get(article, "v/1/").text
    assert found() == {}


def test_a_signature_that_was_withdrawn_is_said_on_the_old_version_and_claims_no_approval(story):
    article = second(story)
    signature = Signature.objects.filter(round__number=1, signer=story.people["claire"]).get()
    values = {"reason": "I misread it.", "proof": story.proof("claire"), "now": story.now}
    workflow.void_signature(article, actor=story.people["claire"], signature=signature, **values)
    page = get(article, "v/1/")
    assert "Withdrawn on" in page.text
    assert "Approved by our medical board" not in page.text
    assert "Approved by our medical board" in get(article).text
    assert [projection.differences(row) for row in Publication.objects.all()] == [[], []]


def test_a_tampered_row_of_an_older_version_is_found_and_made_afresh(story):
    second(story)
    for field in ("entry_html", "changes_html"):
        PublicPage.objects.filter(number=2).update(**{field: "<p>All is well.</p>"})
        assert projection.differences(Publication.objects.get(number=2)) == [field]
        assert [message for _row, message in found()["pages"]] == [f"{field} isn't what was published"]
        projection.project(Publication.objects.get(number=2), afresh=True)
        assert found() == {}
