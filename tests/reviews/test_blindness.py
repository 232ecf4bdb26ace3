"""Nobody who judges a text, or wrote it, learns from mail or records what is meant for its editors."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from editorial.models import AuditEvent, Leave, Notification, OutboxMessage, User
from reviews import blindness, workflow
from reviews.models import ReviewRound
from tests.desk import Person
from tests.many import multiply
from tests.reviews.later import asked_again, current, hold, void

NOTE = "Please ask a nephrologist."


def also(people, username: str, role: str) -> User:
    people[username].groups.add(Group.objects.get(name=role))
    return User.objects.get(username=username)


def names(article: Article, story, **whom) -> set[str]:
    return {user.username for user in blindness.addressed(article, now=story.now, **whom)}


def away(story, name: str, deputy: User | None) -> None:
    Leave.objects.create(user=story.people[name], first_day=story.now.date(), last_day=story.now.date(), deputy=deputy)


def test_what_is_hidden_costs_the_same_for_1_3_and_30_texts_under_review(story, people):
    round, costs = story.round(), []
    for first, more in ((0, 0), (0, 2), (2, 27)):
        multiply(round, more, first=first)
        with CaptureQueriesContext(connection) as queries:
            hidden = blindness.hidden_from(people["claire"])
        costs.append(len(queries))
    assert len(hidden.signed) == 30
    assert costs == [costs[0]] * 3


def test_the_paths_that_every_page_asks_for_are_those_that_are_hidden(story, people):
    claire, first = people["claire"], story.round("claire", "ravi")
    story.round("claire", "ravi", title="Another?")
    story.sign(first, "ravi", "safety_objection", comment="The dose kills.")
    hidden = blindness.hidden_from(claire).paths
    assert len(hidden) == 2 + len(blindness.STEPS)
    assert blindness.paths_hidden_from(claire) == hidden
    story.sign(first, "claire")
    assert len(blindness.paths_hidden_from(claire)) == 1
    assert blindness.paths_hidden_from(claire) == blindness.hidden_from(claire).paths
    assert blindness.paths_hidden_from(people["nora"]) == frozenset()


def test_a_deputy_who_wrote_the_article_gets_no_reviewers_name_and_no_private_note(story, people):
    round = story.round("claire", "ravi")
    story.declare(round, "claire")
    nora = also(people, "nora", "editor")
    workflow.reject(round.article, actor=people["tom"], now=story.tick(), reason="Not for us.")
    away(story, "tom", nora)
    Notification.objects.all().delete()
    seat = story.seat(ReviewRound.objects.get(), "claire")
    workflow.keep_late(
        Article.objects.get(),
        actor=people["claire"],
        now=story.tick(),
        assignment=seat,
        verdict_label="Approve",
        comment="Sound.",
        private_note=NOTE,
    )
    told = Notification.objects.filter(text__contains=NOTE)
    assert [row.user.username for row in told] == ["ingrid"]
    assert "For the editors alone:" in told.get().text


def test_a_chief_who_wrote_it_is_passed_over(story, people):
    article = story.triaged()
    also(people, "nora", "chief editor")
    assert names(article, story, editor=False, chiefs=True) == {"ingrid"}


def test_where_everybody_is_barred_the_chiefs_are_told_all_the_same(story, people):
    article = story.triaged()
    article.authors.add(people["ingrid"], people["tom"])
    assert names(article, story) == {"ingrid"}


@pytest.fixture
def chief(people):
    """A chief editor who sits on the panel with Ravi."""
    return also(people, "claire", "chief editor")


def test_a_colleagues_withdrawn_signature_is_in_no_record_that_a_seated_chief_sees(story, chief):
    round = story.round("claire", "ravi", "samuel")
    story.sign(round, "ravi")
    void(story, Article.objects.get(), "ravi")
    events = AuditEvent.objects.filter(kind__in=["signature.voided", "assignment.reopened"])
    assert {event.kind for event in events} == {"signature.voided", "assignment.reopened"}
    for event in events:
        url = f"/admin/editorial/auditevent/{event.pk}/change/"
        assert Person("claire").client.get(url).status_code == 302, event.kind
        assert Person("ingrid").client.get(url).status_code == 200, event.kind


def test_mail_to_those_who_may_adjudicate_is_not_in_the_outbox_of_a_seated_chief(story, people, chief):
    round = story.round("claire", "ravi")
    story.sign(round, "ravi", "safety_objection", comment="The dose is wrong.")
    path = reverse("admin:objection", args=[round.article.objections.get().pk, "adjudicate"])
    row = OutboxMessage.objects.create(
        kind="reminder",
        recipient=people["samuel"],
        payload={"text": "A safety objection has waited.", "path": path},
        not_before=story.now,
        created_at=story.now,
    )
    url = f"/admin/editorial/outboxmessage/{row.pk}/change/"
    assert Person("claire").client.get(url).status_code == 302
    assert Person("ingrid").client.get(url).status_code == 200


def test_a_seated_chief_may_still_end_a_page(story, chief):
    article = story.published()
    asked_again(story, article, "claire", "ravi")
    done = Person("claire").force(article, "retire", reason="No longer kept up.", successor="")
    assert done.status_code == 302
    assert current(article).status == "retired"


def test_a_page_held_while_the_board_confirms_it_says_what_to_do(story, people):
    article = story.published()
    round = asked_again(story, article, "claire", "ravi")
    hold(story, Article.objects.get(pk=article.pk))
    story.sign(round, "claire")
    story.sign(round, "ravi")
    assert ReviewRound.objects.get(pk=round.pk).is_open
    page = Person("tom").client.get(f"/admin/articles/article/{article.pk}/verb/confirm/").text
    assert "discard the revision and ask the board to confirm the page. Unlock it for that." in page
    assert "submit it again" not in page
