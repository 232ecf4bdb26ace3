"""The same form sent twice acts once; one opened before somebody else acted is answered 409."""

from uuid import UUID, uuid4

import pytest

from articles import workflow as bare
from editorial.conditions import Refused
from editorial.models import AuditEvent, ClosedPeriod, EditorialPolicy, HandledRequest, ReviewRule
from reviews import workflow
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


@pytest.fixture
def used(people) -> UUID:
    """The number of a form by which somebody else did something else."""
    row = HandledRequest.objects.create(
        request=uuid4(), verb="hold", subject="article:none", actor=people["lena"], at=people["lena"].date_joined
    )
    return row.request


@pytest.mark.parametrize(
    ("person", "path", "having", "values"),
    [
        ("tom", "/admin/articles/article/{article}/verb/withdraw/", "stamp", {"reason": "A slip."}),
        ("tom", "/admin/articles/article/{article}/verb/comment/", "kind", {"words": "Clearer, please."}),
        ("tom", "/admin/seats/{ravi}/release/", "stamp", {"reason": "Away."}),
        ("ravi", "/admin/seats/{ravi}/step_aside/", "stamp", {"reason": "Away."}),
        ("ravi", "/admin/reviews/{ravi}/", "disclosure", {"answer": "none"}),
        ("claire", "/admin/reviews/{claire}/", "password", {"verdict": "abstain", "password": PASSWORD, "sign": "1"}),
        ("claire", "/admin/reviews/{claire}/", "quote", {"words": "Clearer, please.", "remark": "1"}),
        ("claire", "/admin/comments/{comment}/withdraw/", "stamp", {}),
        ("tom", "/admin/comments/{comment}/reply/", "stamp", {"words": "Why?"}),
        ("claire", "/admin/board/{member}/own_load_limit/", "load_limit", {"load_limit": "1"}),
        ("ingrid", "/admin/board/{member}/strike_off/", "stamp", {"reason": "A false licence."}),
        ("ingrid", "/admin/editorial/closedperiod/{period}/verb/move_due_days/", "stamp", {}),
        ("ingrid", "/admin/editorial/editorialpolicy/{policy}/verb/disable/", "stamp", {"reason": "A slip."}),
    ],
)
def test_no_form_fails_on_a_number_that_was_used_for_something_else(person, path, having, values, story, people, used):
    round = story.round()
    story.declare(round, "claire")
    comment = workflow.add_comment(
        round.article, actor=people["claire"], now=story.tick(), kind="question", body="Which trial?"
    )
    seats = {name: story.seat(round, name).pk for name in ("claire", "ravi")}
    days = {"first_day": story.seat(round, "ravi").review_on, "last_day": story.seat(round, "ravi").review_on}
    rows = {
        "article": round.article,
        "comment": comment,
        "member": people["claire"].board_member,
        "period": ClosedPeriod.objects.create(name="Easter", **days),
        "policy": EditorialPolicy.objects.get(),
    }
    path = path.format(**{name: row.pk for name, row in rows.items()}, **seats)
    refused = Person(person).fill(path, having=having, request_id=used, **values)
    assert refused.status_code == 403
    assert "used for something else" in refused.text
    assert HandledRequest.objects.count() == 1
