from django.test import Client

from articles.models import Article, Publication, PublicPage
from articles.states import ArticleState
from reviews.states import VerdictKind


def test_article_is_published_when_two_members_sign_and_the_editor_confirms(story):
    round = story.round()
    assert Client().get(f"/articles/{round.article.slug}/").status_code == 404

    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    assert article.state == ArticleState.UNDER_REVIEW
    assert not PublicPage.objects.exists()

    story.confirm(article)

    assert Article.objects.get().state == ArticleState.APPROVED
    assert Publication.objects.get().digest == round.digest
    page = Client().get(f"/articles/{article.slug}/")
    assert page.status_code == 200
    assert "Medically reviewed by" in page.text
    assert "Claire Dubois, MD" in page.text
    assert not page.cookies


def test_one_changes_needed_sends_the_article_back(story):
    round = story.round()
    article = story.sign(round, "claire", VerdictKind.CHANGES_NEEDED, comment="The dose is missing.")

    assert article.state == ArticleState.CHANGES_REQUESTED
    assert article.frozen_digest == ""
    round.refresh_from_db()
    assert round.outcome == "changes_requested"
