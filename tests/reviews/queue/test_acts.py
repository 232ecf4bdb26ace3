"""Acts on many articles at once, from the queue."""

import uuid

import pytest

from articles.models import Article
from editorial.models import AuditEvent, OutboxMessage, Specialty
from reviews import workflow
from reviews.models import ReviewAssignment
from tests.desk import Person

URL = "/admin/queue/act/"


def press(person: Person, act: str, *articles: Article, **values):
    """Tick these and press the button above the list."""
    return person.client.post(URL, {"act": act, "chosen": [article.pk for article in articles], **values})


def send(person: Person, act: str, *articles: Article, **values):
    """Fill the form of the page that the button leads to, and send it."""
    page = press(person, act, *articles)
    assert page.status_code == 200, page.status_code
    number = page.text.split('name="request_id" value="')[1].split('"')[0]
    stamps = {f"stamp-{article.pk}": Article.objects.get(pk=article.pk).stamp for article in articles}
    return press(person, act, *articles, request_id=number, stamp="many", **{**stamps, **values})


def triage(story, **values):
    cardiology = Specialty.objects.get(slug="cardiology")
    return {"risk_tier": "low", "specialty": cardiology.pk, "handling_editor": story.people["lena"].pk, **values}


def said(person: Person, answer) -> str:
    assert answer.status_code == 302
    return person.client.get(answer["Location"]).text


def test_three_are_triaged_by_one_button(story):
    rows, tom = [story.submitted(title=f"Question {n}?") for n in range(3)], Person("tom")
    assert "Triage: 3 done." in said(tom, send(tom, "triage", *rows, **triage(story)))
    for row in rows:
        row = Article.objects.get(pk=row.pk)
        assert (row.risk_tier, row.handling_editor) == ("low", story.people["lena"])
    assert AuditEvent.objects.filter(kind="article.triaged").count() == 3


def test_what_cannot_be_done_is_named_with_its_reason_before_and_after(story):
    fresh, draft, tom = story.submitted(title="Fresh?"), story.draft(title="Unripe?"), Person("tom")
    page = press(tom, "triage", fresh, draft).text
    assert "Left out" in page
    assert "Unripe?: " in page
    answer = said(tom, send(tom, "triage", fresh, draft, **triage(story)))
    assert "Triage: 1 done." in answer
    assert "Not done: “Unripe?”." in answer


def test_a_form_sent_twice_acts_once_and_says_done_both_times(story):
    article, tom = story.submitted(), Person("tom")
    number = uuid.uuid4()
    values = {"request_id": number, "stamp": "many", "reason": "The dose.", f"stamp-{article.pk}": article.stamp}
    for _time in range(2):
        assert "Request changes: 1 done." in said(tom, press(tom, "request_changes", article, **values))
    assert AuditEvent.objects.filter(kind="article.changes_requested").count() == 1


def test_what_moved_on_since_the_page_was_shown_is_left_alone(story):
    article, tom = story.submitted(), Person("tom")
    seen = article.stamp
    story.round(article=workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="A comma."))
    answer = said(tom, send(tom, "request_changes", article, reason="The dose.", **{f"stamp-{article.pk}": seen}))
    assert "Not done" in answer
    assert Article.objects.get(pk=article.pk).state == "under_review"


def test_a_missing_reason_keeps_what_was_ticked_and_typed(story):
    article, tom = story.submitted(), Person("tom")
    answer = send(tom, "request_changes", article, reason="")
    assert answer.status_code == 422
    assert f'name="chosen" value="{article.pk}"' in answer.text
    assert Article.objects.get(pk=article.pk).state == "submitted"


def test_late_reviews_get_more_days_from_today(story):
    round, tom = story.round(), Person("tom")
    ReviewAssignment.objects.filter(round=round).update(review_on="2026-01-01")
    assert "Extend: 2 done." in said(tom, send(tom, "extend", round.article, days="5", reason="The holidays."))
    seats = ReviewAssignment.objects.filter(round=round)
    assert {seat.due_version for seat in seats} == {2}
    assert all(seat.review_on.year >= 2026 and str(seat.review_on) > "2026-01-06" for seat in seats)
    assert OutboxMessage.objects.filter(kind="extended").count() == 2


def test_reminding_leads_to_the_page_that_shows_the_mails_first(story):
    round, tom = story.round(), Person("tom")
    ReviewAssignment.objects.filter(round=round).update(review_on="2026-01-01")
    seats = "&".join(f"seat={story.seat(round, name).pk}" for name in ("claire", "ravi"))
    assert press(tom, "remind", round.article)["Location"] == f"/admin/remind/?{seats}"
    fresh = story.submitted(title="In time?")
    assert "Nobody is late on “In time?”." in said(tom, press(tom, "remind", fresh))
    assert not OutboxMessage.objects.filter(kind="manual").exists()


def test_an_author_who_is_an_editor_learns_no_reviewer_from_what_is_left_out(story):
    round, tom = story.round(), Person("tom")
    round.article.authors.add(story.people["tom"])
    page = press(tom, "extend", round.article).text
    assert "Left out" in page
    assert "Dubois" not in page


@pytest.mark.parametrize("days", ["0", "91", "x", ""])
def test_days_out_of_reason_are_refused_in_words(story, days):
    assert send(Person("tom"), "extend", story.round().article, days=days, reason="Why.").status_code == 422


def test_an_article_passes_into_other_hands(story):
    round, tom = story.round(), Person("tom")
    lena = story.people["lena"]
    assert "Hand over: 1 done." in said(tom, send(tom, "hand_over", round.article, handling_editor=lena.pk))
    assert Article.objects.get(pk=round.article_id).handling_editor == lena
    mail = OutboxMessage.objects.get(kind="news", recipient=lena)
    assert mail.payload["text"].startswith("Tom Okafor handed “")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"act": "triage"}, "Nothing was ticked"),
        ({"act": "nonsense", "chosen": "1"}, "That button isn&#x27;t known"),
        ({"act": "triage", "chosen": [str(n) for n in range(1, 102)]}, "At most 100 articles at once"),
        ({"act": "triage", "chosen": ["x", "²", "9" * 30]}, "Nothing was ticked"),
    ],
)
def test_a_press_on_nothing_goes_back_with_a_word(people, values, problem):
    tom = Person("tom")
    assert problem in said(tom, tom.client.post(URL, values))


def test_the_way_back_leads_nowhere_else(story):
    tom, article = Person("tom"), story.submitted()
    for back in ("https://evil.example/", "//evil.example", "?view=triage\r\nX: y"):
        answer = tom.client.post(URL, {"act": "", "chosen": article.pk, "back": back})
        assert answer["Location"] == "/admin/queue/"
    assert tom.client.post(URL, {"act": "", "back": "?view=triage"})["Location"] == "/admin/queue/?view=triage"


def test_opening_the_page_by_its_address_says_how_to_get_there(people):
    tom = Person("tom")
    assert "Tick what you mean" in said(tom, tom.client.get(URL))


def test_articles_that_are_gone_are_no_trouble(story):
    tom, article = Person("tom"), story.submitted()
    page = tom.client.post(URL, {"act": "triage", "chosen": [article.pk, 999_999]})
    assert page.text.count('name="chosen"') == 1
