"""The house's table of publications as the reader meets it: each status at each address."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from articles import projection
from articles.models import Article, Notice, Publication, PublicNotice
from articles.states import PublicationStatus
from editorial.models import User
from reviews import workflow
from tests.articles.test_ending import REASON, ended, second, send
from tests.reviews.test_scheduled import second_version_waits

OLD, NEW = "130 mm Hg", "125 mm Hg"
SHORT = "For most adults"
ADDRESSES = ("article", "v/1", "v/2", "history", "changes", "notice", "home")


@dataclass(frozen=True)
class Met:
    """What a reader meets at one address. ``index`` and ``canonical`` as search engines are told."""

    status: int = 200
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    index: bool = True
    canonical: str = ""


ARTICLE = "/articles/{slug}/"
UNKNOWN = Met(404, ("There is no page here",), ("mm Hg", SHORT, "{title}"), index=False)
HELD = Met(404, ("temporarily withdrawn",), ("mm Hg", SHORT, "{title}", "stepper", "Claire"), index=False)
GONE = Met(410, (REASON,), ("mm Hg", SHORT, "{title}", "stepper", "Claire"), index=False)
LISTED = Met(200, ("{title}", SHORT), canonical="/")
UNLISTED = Met(200, (), ("{title}", SHORT, "mm Hg"), canonical="/")

LIVE = {
    "article": Met(200, (NEW, "stepper", "Approved by our medical board"), ("not the newest",), canonical=ARTICLE),
    "v/1": Met(200, (OLD, "version 1, which is not the newest"), (NEW,), index=False, canonical=ARTICLE),
    "v/2": Met(200, (NEW, "stepper"), ("not the newest",), canonical=ARTICLE),
    "history": Met(200, ("{title}", "On the site", "Replaced", "Claire Dubois"), canonical=ARTICLE + "history/"),
    "changes": Met(200, ("[removed: </span>130", "[added: </span>125"), canonical=ARTICLE + "v/2/changes/"),
    "notice": UNKNOWN,
    "home": LISTED,
}
RETRACTED = ("RETRACTED:", "The trial was made up.", "Show the retracted text")
TABLE = {
    "scheduled": dict.fromkeys(ADDRESSES, UNKNOWN) | {"home": UNLISTED},
    "live": LIVE,
    "lift": LIVE,
    "on_hold": dict.fromkeys(ADDRESSES, HELD) | {"notice": UNKNOWN, "home": UNLISTED},
    "restore": LIVE
    | {
        "article": Met(200, (OLD, "stepper"), (NEW, "not the newest"), canonical=ARTICLE),
        "v/2": Met(200, (NEW, "version 2, which is not the newest"), index=False, canonical=ARTICLE),
        "history": Met(200, ("Version 1, brought back", "On the site"), canonical=ARTICLE + "history/"),
    },
    "retracted": {
        "article": Met(200, (*RETRACTED, NEW), ("stepper", "Approved by our medical board"), canonical=ARTICLE),
        "v/1": Met(200, (*RETRACTED, OLD, "not the newest"), ("stepper",), index=False, canonical=ARTICLE),
        "v/2": Met(200, (*RETRACTED, NEW), ("stepper", "not the newest"), canonical=ARTICLE),
        "history": Met(200, ("RETRACTED:", ">Retraction</a>"), canonical=ARTICLE + "history/"),
        "changes": Met(200, ("RETRACTED:", "[added: </span>125"), canonical=ARTICLE + "v/2/changes/"),
        "notice": Met(200, ("Retraction", "{title}", "The trial was made up."), canonical="/notices/{notice}/"),
        "home": Met(200, ("Retraction</span> {title}",), (SHORT, "mm Hg"), canonical="/"),
    },
    "retired": LIVE
    | {
        "article": Met(200, (NEW, "No longer maintained"), ("Review overdue",), canonical=ARTICLE),
        "v/2": Met(200, (NEW, "No longer maintained"), canonical=ARTICLE),
        "history": Met(200, ("No longer maintained", "Replaced"), canonical=ARTICLE + "history/"),
        "home": UNLISTED,
    },
    "removed": dict.fromkeys(ADDRESSES, GONE)
    | {"notice": Met(200, (REASON,), ("{title}", "mm Hg"), canonical="/notices/{notice}/"), "home": UNLISTED},
}
"""``superseded`` is version 1 of each."""


def told(story, how: str) -> Article:
    if how == "scheduled":
        return story.published(publish_not_before=story.now + timedelta(days=1))
    article = second(story)
    if how in ("lift", "restore"):
        article = ended(story, article, "on_hold")
        if how == "lift":
            return workflow.lift(
                article,
                actor=story.people["ingrid"],
                now=story.tick(),
                reason="It was right.",
                proof=story.proof("ingrid"),
            )
        assert send("ingrid", article, "restore").status_code == 302
        return article
    return ended(story, article, how)


def path_of(address: str, article: Article) -> str:
    notice = PublicNotice.objects.values_list("uuid", flat=True).first()
    special = {
        "article": f"/articles/{article.slug}/",
        "changes": f"/articles/{article.slug}/v/2/changes/",
        "notice": f"/notices/{notice or '00000000-0000-4000-8000-000000000000'}/",
        "home": "/",
    }
    return special.get(address, f"/articles/{article.slug}/{address}/")


@pytest.mark.parametrize("how", TABLE)
def test_what_a_reader_meets_is_the_row_of_the_table(how, story):
    article = told(story, how)
    notice = PublicNotice.objects.values_list("uuid", flat=True).first()
    said = {"slug": article.slug, "title": article.title, "notice": notice}

    for address, met in TABLE[how].items():
        page = Client().get(path_of(address, article))
        assert page.status_code == met.status, address
        for words in met.shown:
            assert words.format(**said) in page.text, (address, words)
        for words in met.hidden:
            assert words.format(**said) not in page.text, (address, words)
        assert ('<meta name="robots" content="noindex">' in page.text) is not met.index, address
        link = f'<link rel="canonical" href="{settings.PUBLIC_URL}{met.canonical.format(**said)}">'
        assert page.text.count('rel="canonical"') == page.text.count(link) == int(bool(met.canonical)), address
    assert [projection.differences(row) for row in Publication.objects.all()] == [[]] * Publication.objects.count()


def test_the_table_names_every_status_of_the_house():
    assert {*map(str, PublicationStatus), "lift", "restore"} == {*TABLE, "superseded"}


def test_a_scheduled_version_comes_to_readers_on_its_day_with_the_dates_of_that_day(story):
    article = told(story, "scheduled")
    before = Client().get(f"/articles/{article.slug}/")
    assert before.content == Client().get("/nowhere/").content

    workflow.publish_scheduled(article, actor=User.system(), now=story.now + timedelta(days=2))

    page = Client().get(f"/articles/{article.slug}/")
    assert (page.status_code, OLD in page.text) == (200, True)
    assert article.title in Client().get("/").text
    assert "First version" in Client().get(f"/articles/{article.slug}/history/").text


def test_a_second_version_that_waits_shows_nothing_until_its_day(story):
    article = second_version_waits(story)
    assert Client().get(f"/articles/{article.slug}/v/2/").status_code == 404
    assert 'id="v2"' not in Client().get(f"/articles/{article.slug}/history/").text
    workflow.publish_scheduled(article, actor=User.system(), now=story.now + timedelta(days=2))
    assert Client().get(f"/articles/{article.slug}/v/2/").status_code == 200
    assert "[added: </span>New" in Client().get(f"/articles/{article.slug}/v/2/changes/").text
    assert [projection.differences(row) for row in Publication.objects.all()] == [[], []]


def test_an_update_under_review_is_said_and_which_version_one_reads(story):
    article = story.triaged(story.revised(second(story), ("125 mm Hg", "120 mm Hg")))
    page = Client().get(f"/articles/{article.slug}/").text
    assert "Update under review" in page
    assert "You are reading the version approved on 2 March 2026." in page
    assert "120 mm Hg" not in page
    assert "Update under review" not in Client().get(f"/articles/{article.slug}/v/1/").text


def test_a_notice_names_no_article_that_is_on_hold(story):
    article = second(story)
    publication = Publication.objects.get(number=2)
    notice = Notice.objects.create(
        publication=publication,
        kind=Notice.Kind.CORRECTION,
        text="A name was misspelt.",
        issued_by=story.people["ingrid"],
        shown_name="Ingrid Solberg",
        issued_at=story.tick(),
    )
    projection.project(publication)
    url = f"/notices/{notice.uuid}/"
    assert article.title in Client().get(url).text
    ended(story, article, "on_hold")
    assert "A name was misspelt." in Client().get(url).text
    assert article.title not in Client().get(url).text
    assert projection.differences(Publication.objects.get(number=2)) == []
