from datetime import date

from django.test import Client

from articles.models import PublicPage


def test_an_overdue_review_is_said_with_its_day(story):
    article = story.published()
    PublicPage.objects.update(next_review_due=date(2026, 3, 1))
    page = Client().get(f"/articles/{article.slug}/")

    assert "was due for review by 1 March 2026 and has not been reviewed again yet" in page.text
    assert "slot:" not in page.text


def test_a_review_that_is_not_due_yet_is_no_banner(story):
    article = story.published()
    PublicPage.objects.update(next_review_due=date(2199, 1, 1))

    assert "was due for review" not in Client().get(f"/articles/{article.slug}/").text


def test_the_answer_changes_when_the_review_becomes_overdue(story):
    article = story.published()
    path = f"/articles/{article.slug}/"
    PublicPage.objects.update(next_review_due=date(2199, 1, 1))
    tag = Client().get(path)["ETag"]
    assert Client().get(path, headers={"if-none-match": tag}).status_code == 304
    PublicPage.objects.update(next_review_due=date(2026, 3, 1))

    assert Client().get(path, headers={"if-none-match": tag}).status_code == 200
