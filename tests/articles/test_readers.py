"""What a reader gets of each version, and of what isn't published: nothing."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from articles import lifecycle, projection, snapshots
from articles import workflow as bare
from articles.models import Article, AudienceVariant, Publication, PublicNotice, PublicPage
from editorial.verbs import save
from reviews import workflow
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reading import headers
from tests.story import BODY

CANARY = "zq7canary"


def read(article, **headers):
    return Client().get(f"/articles/{article.slug}/", headers=headers)


def hold(story, article):
    story.tick()
    return lifecycle.hold(
        article, actor=story.people["tom"], now=story.now, reason="A dose may be wrong.", proof=story.proof("tom")
    )


def retract(story, article):
    story.tick()
    proof = story.proof("ingrid")
    return lifecycle.retract(
        article, actor=story.people["ingrid"], now=story.now, notice="The trial was made up.", proof=proof
    )


def revised(story, article, body: str):
    """A revision with another body, submitted, reviewed and confirmed by the same people."""
    article = bare.revise(article, actor=story.people["nora"], now=story.tick(), reason="New trial.")
    variant = article.variants.get()
    variant.body = body
    save(variant, actor=story.people["nora"])
    round = story.round(article=article)
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return round.article


def test_the_home_page_lists_what_is_live_and_nothing_else(story):
    shown = story.published(title="This one is live")
    draft = story.draft(title="This one is a draft")
    submitted = story.triaged(title="This one is submitted")
    off = story.published(title="This one is held")
    gone = story.published(title="This one is retracted")
    hold(story, off)
    retract(story, gone)

    home = Client().get("/").text

    listed, put_right = home.split('id="home-notices"')
    assert re.findall(r"This one is \w+", listed) == [shown.title]
    assert re.findall(r"This one is \w+", put_right) == [gone.title]
    for other in (draft, submitted, off, gone):
        assert other.slug not in home


def test_whatever_is_not_published_is_the_same_404_to_the_byte(story):
    draft = story.draft(title="A draft")
    submitted = story.triaged(title="A submitted one")
    reviewed = story.round(title="One under review").article
    unknown = Client().get("/articles/nobody-wrote-this/")
    assert unknown.status_code == 404
    for article in (draft, submitted, reviewed):
        answer = read(article)
        assert answer.status_code == 404
        assert answer.content == unknown.content
        assert headers(answer) == headers(unknown)
    for path in ("/nothing/", "/notices/00000000-0000-4000-8000-000000000000/", "/articles/", "/policies/"):
        assert Client().get(path).content == unknown.content


def test_reader_pages_set_no_cookie_and_read_none(story, sign_in):
    article = story.published()
    signed_in = sign_in("tom")
    for path in ("/", f"/articles/{article.slug}/", "/articles/unknown/", "/robots.txt"):
        page = signed_in.get(path)
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")
        assert page.content == Client().get(path).content


def test_an_article_page_costs_one_query(story, django_assert_num_queries):
    article = story.published()
    read(article)
    with django_assert_num_queries(1):
        read(article)


def test_an_unchanged_page_is_answered_with_304(story):
    article = story.published()
    etag = read(article)["ETag"]
    again = read(article, **{"if-none-match": f'"other", W/{etag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == etag


def test_an_old_etag_gets_the_full_answer_after_a_hold_a_lift_and_a_retraction(story):
    article = story.published()
    live = read(article)["ETag"]
    hold(story, article)
    off = read(article, **{"if-none-match": live})
    assert off.status_code == 404
    assert "temporarily withdrawn" in off.text
    workflow.lift(
        article,
        actor=story.people["ingrid"],
        now=story.tick(),
        reason="The dose was right.",
        proof=story.proof("ingrid"),
    )
    assert read(article, **{"if-none-match": live}).status_code == 304
    retract(story, article)
    gone = read(article, **{"if-none-match": live})
    assert gone.status_code == 200
    assert "RETRACTED" in gone.text
    assert gone["ETag"] != live


def test_each_audience_gets_its_own_text_under_its_own_etag(story, people):
    article = story.draft()
    patient = BODY.replace("A target below", "Aim for less than; a target below")
    save(AudienceVariant(article=article, audience="patient", body=patient), actor=people["nora"])
    round = story.round(article=article)
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    url = f"/articles/{article.slug}/"

    default, clinician, patient = (Client().get(url, q) for q in ({}, {"for": "clinician"}, {"for": "patient"}))

    assert "Aim for less than" not in default.text
    assert "Aim for less than" not in clinician.text
    assert "Aim for less than" in patient.text
    assert len({default["ETag"], clinician["ETag"], patient["ETag"]}) == 3
    assert Client().get(url, {"for": "nobody"}).content == default.content
    assert Client().get(url, {"for": "Ж\r\nSet-Cookie: a=b"}).status_code == 200


def test_readers_only_read(story):
    article = story.published()
    for path in ("/", f"/articles/{article.slug}/"):
        refused = Client().post(path, {"title": "Mine"})
        assert refused.status_code == 405
        assert refused["Allow"] == "GET, HEAD"
    assert Client().head(f"/articles/{article.slug}/").status_code == 200


def test_an_update_supersedes_the_version_that_stayed_live_until_then(story):
    article = story.published()
    first = read(article).text
    changed = revised(story, article, BODY.replace("130 mm Hg", "125 mm Hg"))
    during = read(article).text
    assert "130 mm Hg" in during
    assert "125 mm Hg" not in during
    assert "Update under review" in during
    assert "Update under review" not in first

    story.confirm(changed)

    assert list(Publication.objects.order_by("number").values_list("number", "status")) == [
        (1, "superseded"),
        (2, "live"),
    ]
    after = read(article).text
    assert "125 mm Hg" in after
    assert "A target below 130 mm Hg" not in after
    assert "Update under review" not in after
    assert list(PublicPage.objects.order_by("number").values_list("number", "is_current", "is_listed")) == [
        (1, False, False),
        (2, True, True),
    ]


def test_a_new_version_takes_the_place_of_a_held_one(story):
    article = story.published()
    hold(story, article)
    story.confirm(revised(story, article, BODY.replace("130 mm Hg", "125 mm Hg")))
    assert list(Publication.objects.order_by("number").values_list("status", flat=True)) == ["superseded", "live"]
    assert "125 mm Hg" in read(article).text


def test_a_discarded_revision_leaves_the_very_text_that_was_published(story, people):
    article = story.published()
    digest, page = Publication.objects.get().digest, read(article).content
    article = bare.revise(article, actor=people["nora"], now=story.tick(), reason="New trial.")
    article.title, article.byline, article.funding = "Another title?", "Somebody Else, PhD", "A grant"
    save(article, actor=people["nora"])
    article.topics.clear()
    variant = article.variants.get()
    variant.body = "## Other {.research}\n\nNo more [@sprint].\n"
    save(variant, actor=people["nora"])
    save(AudienceVariant(article=article, audience="patient", body=variant.body), actor=people["nora"])
    article.citations.get(key="aha").delete()
    reference = article.citations.get(key="sprint").reference
    reference.title = "Edited in the library"
    reference.save()
    assert snapshots.of(Article.objects.get()).digest != digest

    assert Person("tom").act(article.pk, "discard_revision", reason="Not worth it.").status_code == 302

    article = Article.objects.get()
    assert article.state == "approved"
    assert snapshots.of(article).digest == digest
    assert article.frozen_digest == digest
    assert read(article).content == page
    assert [p.status for p in Publication.objects.all()] == ["live"]


def test_a_rejected_update_leaves_the_live_version_where_it_is(story, people):
    article = story.published()
    page = read(article).content
    article = bare.revise(article, actor=people["nora"], now=story.tick(), reason="New trial.")
    workflow.reject(story.triaged(article), actor=people["tom"], now=story.tick(), reason="No news.")
    assert read(article).content == page


def test_each_page_shows_exactly_what_its_publication_projects_to(story):
    article = story.published()
    for move in (lambda: None, lambda: hold(story, article), lambda: retract(story, article)):
        move()
        assert projection.differences(Publication.objects.get()) == []


def test_the_database_holds_one_current_version_an_article(story):
    article = story.published()
    story.confirm(revised(story, article, BODY.replace("130 mm Hg", "125 mm Hg")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(number=1).update(status="live")


CANARY = "zq7canary"


def public_urls() -> list[str]:
    """Every address the public site answers with rows of its own, and those an outsider may guess."""
    pages = [f"/articles/{slug}/" for slug in PublicPage.objects.values_list("slug", flat=True)]
    drafts = [f"/articles/{slug}/" for slug in Article.objects.values_list("slug", flat=True)]
    notices = [f"/notices/{uuid}/" for uuid in PublicNotice.objects.values_list("uuid", flat=True)]
    return ["/", "/policy/", "/robots.txt", *pages, *drafts, *notices, f"/?q={CANARY}", "/articles/?for=patient"]


def test_nothing_unpublished_shows_on_any_public_page(story, people):
    live = story.published(title="A live article")
    retract(story, live)
    story.draft(title=f"Draft {CANARY}", products=CANARY, sponsors=CANARY)
    article = story.draft(title="A submitted article", byline=f"{CANARY} Author, MD")
    variant = article.variants.get()
    variant.body = BODY.replace("In one large trial", f"In one large trial {CANARY}")
    save(variant, actor=people["nora"])
    round = story.round(article=article)
    story.declare(round, "claire", disclosure=f"Fees {CANARY}")
    story.sign(
        round, "claire", VerdictKind.SAFETY_OBJECTION, comment=f"Danger {CANARY}", private_note=f"Doubt {CANARY}"
    )
    story.declare(round, "ravi", has_conflict=True, details=f"Married to {CANARY}")
    updated = story.published(title="A revised article")
    revised(story, updated, BODY.replace("In one large trial", f"In one large trial {CANARY}"))

    leaks = [url for url in public_urls() if CANARY in Client().get(url).text.replace(f"?q={CANARY}", "")]

    assert leaks == []
    assert len(public_urls()) > 10
