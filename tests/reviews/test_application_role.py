"""The application's role in PostgreSQL is enough for all that people do with an article, and for the clock."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article, Publication, PublicPage, ReaderMessage
from articles.tasks import delete_old_reader_messages, tell_of_reader_messages
from editorial import tasks as clockwork
from reviews import tasks, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Signature
from reviews.states import VerdictKind
from tests import crawl, roles
from tests.desk import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(database_roles, people):
    with roles.acting(database_roles.application):
        yield database_roles.application


def me() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def status(article: Article) -> list[str]:
    return list(Publication.objects.filter(article=article).order_by("number").values_list("status", flat=True))


def signed_over_http(story) -> Article:
    """From a round to a live page, through the forms of the desk."""
    round = story.round("claire", "ravi")
    for name in ("claire", "ravi"):
        answer = Person(name).sign(story.seat(round, name).pk)
        assert answer.status_code == 302, answer.text
    assert Person("tom").act(round.article_id, "confirm", password=PASSWORD).status_code == 302
    return Article.objects.get(pk=round.article_id)


def test_an_article_lives_its_whole_life(application, story):
    article, tom, ingrid = signed_over_http(story), story.people["tom"], story.people["ingrid"]
    assert (me(), status(article)) == (application, ["live"])
    held = lifecycle.hold(
        article, actor=story.people["lena"], now=story.tick(), reason="A dose.", proof=story.proof("lena")
    )
    assert status(article) == ["on_hold"]
    workflow.lift(held, actor=ingrid, now=story.tick(), reason="It was right.", proof=story.proof("ingrid"))
    bare.revise(article, actor=tom, now=story.tick(), reason="A trial.")
    bare.discard_revision(article, actor=tom, now=story.tick(), reason="Nothing new.")
    story.published(article=story.revised(article, ("prevented", "clearly prevented"), conclusions_changed=True))
    assert status(article) == ["superseded", "live"]
    voided = Signature.objects.filter(review__round__article=article).last()
    story.tick()
    workflow.void_signature(
        article, actor=ingrid, now=story.now, signature=voided, reason="Not hers.", proof=story.proof("ingrid")
    )
    story.tick()
    lifecycle.retract(article, actor=ingrid, now=story.now, notice="Wrong data.", proof=story.proof("ingrid"))
    assert status(article) == ["superseded", "retracted"]
    assert "Wrong data." in Client().get(f"/articles/{article.slug}/").text


def test_what_goes_back_and_what_is_given_up(application, story):
    tom = story.people["tom"]
    round = story.round("claire", "ravi", "sofia", risk="high", title="Are beta blockers safe in asthma?")
    workflow.step_aside(
        round.article,
        actor=story.people["sofia"],
        now=story.tick(),
        assignment=story.seat(round, "sofia"),
        reason="No.",
    )
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, "It could kill.")
    workflow.withdraw(round.article, actor=tom, now=story.tick(), reason="A typing error.")
    sent_back = story.triaged(title="Is salt bad?")
    workflow.request_changes(sent_back, actor=tom, now=story.tick(), reason="Name the dose.")
    rejected = story.triaged(title="Is sugar bad?")
    workflow.reject(rejected, actor=tom, now=story.tick(), reason="Not for us.")
    bare.reopen(rejected, actor=tom, now=story.tick(), reason="After all.")
    bare.abandon(rejected, actor=story.people["nora"], now=story.tick(), reason="No time.")
    scheduled = story.published(title="Later?", publish_not_before=story.now + timedelta(days=9))
    assert status(scheduled) == ["scheduled"]


def test_pages_of_the_desk_open_for_those_who_work_on_it(application, story):
    round = story.round("claire", "ravi")
    ReaderMessage.objects.create(kind="error", text="Wrong.", received_at=story.now)
    pages = {
        "claire": ["/admin/", f"/admin/reviews/{story.seat(round, 'claire').pk}/"],
        "tom": [
            *("/admin/", "/admin/queue/", "/admin/search/?q=pressure", "/admin/articles/readermessage/"),
            f"/admin/articles/article/{round.article_id}/change/",
        ],
    }
    for name, paths in pages.items():
        client = Person(name).client
        assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    assert me() == application


@pytest.mark.long
def test_every_kind_of_page_of_the_desk_opens(application, story):
    crawl.furnish(story)
    found = crawl.places()
    assert len(found) > 60
    assert me() == application


def test_the_clock_does_all_that_it_does(application, story):
    story.round("claire", "ravi")
    ReaderMessage.objects.create(kind="error", text="Wrong.", received_at=story.now - timedelta(days=400))
    for task in (
        *(clockwork.tick, clockwork.send_outbox, clockwork.write_weekly_summaries, clockwork.forget_sessions),
        *(tasks.sweep, tasks.look_after_seats, tasks.publish_scheduled, tasks.check_rounds),
        *(tasks.hold_what_lost_its_quorum, tasks.hold_what_missed_its_full_review),
        *(tasks.open_what_waits, tasks.ask_for_re_reviews, tell_of_reader_messages, delete_old_reader_messages),
    ):
        task()
    assert not ReaderMessage.objects.exists()
    assert me() == application


def test_the_commands_of_every_day_run(application, story, capsys):
    story.published()
    call_command("setup_roles")
    call_command("rebuild_public")
    call_command("compare_questions")
    call_command("verify")
    assert "guards: ok" in capsys.readouterr().out
    assert PublicPage.objects.filter(status="live").count() == 1
