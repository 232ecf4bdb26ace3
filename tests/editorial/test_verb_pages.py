"""The same form sent twice acts once; one opened before somebody else acted is answered 409."""

from uuid import uuid4

import pytest

from articles import workflow as bare
from editorial.conditions import Refused
from editorial.models import AuditEvent, HandledRequest, ReviewRule
from reviews.demo.cast import PASSWORD
from reviews.models import Review
from tests.desk import Person, checked


@pytest.mark.parametrize("person", ["tom", "claire"])
def test_the_same_hold_sent_twice_holds_once_and_says_so_twice(person, story):
    article, somebody = story.published(), Person(person)
    url = f"/admin/articles/article/{article.pk}/verb/hold/"
    form = {**somebody.fields(url, having="stamp"), "reason": "A dose.", "password": PASSWORD}
    assert [somebody.client.post(url, form).status_code for _click in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(kind="publication.hold").count() == 1


def test_the_same_submission_sent_twice_submits_once(story):
    article, tom = story.draft(), Person("tom")
    url = f"/admin/articles/article/{article.pk}/verb/submit/"
    form = tom.fields(url, having="stamp")
    assert [tom.client.post(url, form).status_code for _click in range(2)] == [302, 302]
    assert HandledRequest.objects.count() == 1


def test_the_last_vote_sent_twice_is_taken_once(story):
    ReviewRule.objects.filter(approvals__gt=0).update(editor_confirms=False)
    round = story.round()
    story.sign(round, "claire")
    story.declare(round, "ravi")
    ravi, url = Person("ravi"), f"/admin/reviews/{story.seat(round, 'ravi').pk}/"
    form = {**ravi.fields(url, having="password"), **checked(round), "verdict": "approve", "password": PASSWORD}
    assert [ravi.client.post(url, form).status_code for _click in range(2)] == [302, 302]
    assert Review.objects.count() == 2


def test_a_page_opened_before_somebody_else_acted_moved_on(story):
    article, tom, lena = story.draft(), Person("tom"), Person("lena")
    url = f"/admin/articles/article/{article.pk}/verb/submit/"
    late = lena.fields(url, having="stamp")
    tom.act(article.pk, "submit")
    answer = lena.client.post(url, late)
    assert answer.status_code == 409
    assert "moved on" in answer.text


def test_a_forms_number_used_for_another_article_is_refused_and_not_swallowed(story, people):
    number, first, second = uuid4(), story.draft(), story.draft(title="Another?")
    bare.submit(first, actor=people["nora"], now=story.tick(), request=number)
    with pytest.raises(Refused):
        bare.submit(second, actor=people["nora"], now=story.tick(), request=number)
