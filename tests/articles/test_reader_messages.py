"""What editors do with readers' messages at the desk, over HTTP; and how long these are kept."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from articles import reader_messages, tasks
from articles.models import Article, ReaderMessage
from editorial.models import AuditEvent, Notification
from tests.conftest import NOW
from tests.desk import Person

LIST = "/admin/articles/readermessage/"
SAID = "I am zq7canary, and I take warfarin. May I drink coffee with it? Thank you."
OTHERS = ("nora", "claire", "eva")


def sent(kind: str = "question", text: str = SAID, **values: Any) -> ReaderMessage:
    return ReaderMessage.objects.create(kind=kind, text=text, **{"received_at": NOW, **values})


def url(message: ReaderMessage, verb: str = "") -> str:
    return f"{LIST}{message.pk}/verb/{verb}/" if verb else f"{LIST}{message.pk}/change/"


def again(message: ReaderMessage) -> ReaderMessage:
    return ReaderMessage.objects.get(pk=message.pk)


def record() -> str:
    return "\n".join(AuditEvent.objects.values_list("body", flat=True))


def last() -> dict[str, Any]:
    return json.loads(AuditEvent.objects.order_by("-sequence").first().body)


def test_one_click_makes_a_draft_of_a_question_and_opens_it(people):
    message, tom = sent(), Person("tom")
    answer = click(tom, message)

    article = Article.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/articles/article/{article.pk}/change/")
    assert (article.title, article.state) == ("May I drink coffee with it?", "draft")
    assert not article.authors.exists()
    kept = again(message)
    assert (kept.article, kept.handled_by.username, kept.outcome) == (article, "tom", "Made a draft of it")
    assert article.title in tom.client.get(url(message)).text
    assert (last()["kind"], last()["data"]["article"]) == ("reader_message.drafted", str(article.uuid))


def click(person: Person, message: ReaderMessage) -> Any:
    fields = person.fields(url(message), having="request_id")
    return person.client.post(url(message, "draft"), fields)


def test_the_same_click_twice_makes_one_draft(people):
    message, tom = sent(), Person("tom")
    fields = tom.fields(url(message), having="request_id")
    for _again in range(2):
        assert tom.client.post(url(message, "draft"), fields).status_code == 302
    assert Article.objects.count() == 1


def test_two_editors_at_once_make_one_draft_and_the_second_is_told(people):
    message, tom, lena = sent(), Person("tom"), Person("lena")
    theirs = lena.fields(url(message), having="request_id")
    click(tom, message)
    answer = lena.client.post(url(message, "draft"), theirs)

    assert answer.status_code in (404, 409)
    assert Article.objects.count() == 1


def test_a_question_is_answered_by_an_article_that_readers_have(story):
    article, draft = story.published(), story.draft(title="A draft?")
    message, tom = sent(), Person("tom")
    for wrong in ("nothing", draft.slug, "https://elsewhere.example/", "\x00"):
        answer = tom.fill(url(message, "answer"), answered_by=wrong)
        assert answer.status_code == 422
    answer = tom.fill(url(message, "answer"), answered_by=f"https://example.org/articles/{article.slug}/?for=patient")

    assert (answer.status_code, answer["Location"]) == (302, url(message))
    assert again(message).article == article


def test_an_error_report_is_settled_with_what_came_of_it(story):
    article = story.published()
    message, tom = sent("error", "The dose is wrong zq7canary.", slug=article.slug, version=1), Person("tom")
    page = tom.client.get(url(message)).text
    assert f'href="/admin/articles/article/{article.pk}/change/"' in page
    assert f'href="/admin/articles/article/{article.pk}/verb/re_review/"' in page
    answer = tom.fill(url(message, "settle"), outcome="mended", note="See version 2.")

    assert answer.status_code == 302
    kept = again(message)
    assert kept.outcome == "It was right: the article is being mended. See version 2."
    assert (kept.article, last()["data"]["outcome"]) == (article, "mended")


def test_nothing_to_do_needs_a_reason_and_can_be_taken_back(people):
    message, tom = sent(), Person("tom")
    assert tom.fill(url(message, "close"), reason=" ").status_code == 422
    assert tom.fill(url(message, "close"), reason="It is spam.").status_code == 302
    assert again(message).outcome == "Nothing to do: It is spam."
    assert tom.client.get(url(message, "close")).status_code == 404
    assert tom.fill(url(message, "reopen")).status_code == 302
    assert (again(message).is_open, again(message).outcome) == (True, "")


def test_the_record_holds_no_word_of_a_message(story):
    tom = Person("tom")
    click(tom, sent(text="zq7canary? Is my zq7canary safe?", email="zq7canary@example.org"))
    tom.fill(url(message := sent(), "close"), reason="zq7canary wrote twice.")
    tom.fill(url(message, "reopen"))
    tom.fill(url(sent("error"), "settle"), outcome="known", note="As zq7canary said.")

    assert "zq7canary" not in record()
    assert AuditEvent.objects.filter(kind__startswith="reader_message.").count() == 4


def test_nobody_but_editors_sees_a_message_or_that_there_is_one(story):
    article = story.published()
    message = sent("error", slug=article.slug)
    for who in OTHERS:
        sees_nothing(Person(who), message, article)


def sees_nothing(person: Person, message: ReaderMessage, article: Article) -> None:
    verbs = [url(message, verb) for verb in ("settle", "close", "draft", "nothing")]
    missing = person.client.get(f"{LIST}999/change/").status_code

    for path in (url(message), *verbs):
        assert person.client.get(path).status_code == missing
        assert person.client.post(path, {"stamp": "open", "reason": "x"}).status_code == missing
    assert person.client.get(LIST).status_code == 403
    assert "From readers" not in person.client.get("/admin/").text
    assert "reported an error" not in person.client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert again(message).is_open


def test_an_editor_who_wrote_the_article_leaves_its_reports_to_another(story):
    article = story.published()
    article.authors.add(story.people["tom"])
    message, tom = sent("error", slug=article.slug), Person("tom")
    assert "another editor has to do this" in tom.client.get(url(message)).text
    answer = tom.client.post(url(message, "close"), {"stamp": "open", "request_id": message.uuid, "reason": "Mine."})

    assert answer.status_code == 403
    assert Person("lena").fill(url(message, "close"), reason="Checked.").status_code == 302


def test_the_list_shows_open_ones_first_the_longest_waiting_on_top(people):
    done = sent(text="This one is handled.", handled_at=NOW, outcome="Nothing to do: spam")
    late = sent(text="This one is new.", received_at=NOW + timedelta(hours=2))
    early = sent(text="This one is old.", received_at=NOW + timedelta(hours=1))
    tom = Person("tom")
    text = tom.client.get(LIST).text

    assert text.index(early.text) < text.index(late.text) < text.index(done.text)
    assert done.text not in tom.client.get(f"{LIST}?handled_at__isempty=1").text
    assert late.text not in tom.client.get(f"{LIST}?kind__exact=error").text
    assert "No message fits" in tom.client.get(f"{LIST}?q=nothing-like-it").text


def test_an_empty_list_says_what_will_appear_there(people):
    assert "What they ask and report on the site appears here." in Person("tom").client.get(LIST).text


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_costs_the_same_with_one_message_and_with_thirty(story, count, django_assert_max_num_queries):
    slug = story.published().slug
    for number in range(count):
        sent("error", f"Message number {number} is here.", slug=slug)
    tom = Person("tom")
    tom.client.get(LIST)
    with django_assert_max_num_queries(12):
        tom.client.get(LIST)


def test_the_sidebar_counts_what_waits_and_the_article_says_that_readers_wrote(story):
    article = story.published()
    sent("error", slug=article.slug)
    sent("error", slug=article.slug)
    sent(slug=article.slug)
    tom = Person("tom")
    home, page = tom.client.get("/admin/").text, tom.client.get(f"/admin/articles/article/{article.pk}/change/").text

    assert "From readers" in home
    assert "2 readers reported an error" in page
    assert f"{LIST}?q={article.slug}&amp;kind__exact=error&amp;handled_at__isempty=1" in page


def test_markup_in_a_message_stays_text(people):
    message = sent(text='<script>alert(1)</script> \U0001f600 & "more"', email="a@example.org")
    tom = Person("tom")
    for path in (LIST, url(message), url(message, "draft"), url(message, "close")):
        assert "<script>alert(1)" not in tom.client.get(path).text


def test_editors_are_told_once_and_again_only_of_something_new(people):
    sent()
    sent("error")
    assert tasks.tell_of_reader_messages.run() == 3
    told = Notification.objects.filter(kind="reader_messages")
    assert {n.user.username for n in told} == {"tom", "lena", "ingrid"}
    assert {(n.text, n.path) for n in told} == {("2 messages from readers wait.", LIST)}
    assert tasks.tell_of_reader_messages.run() == 0
    told.filter(user__username="tom").update(read_at=NOW)
    assert tasks.tell_of_reader_messages.run() == 0
    newer = Notification.objects.get(user__username="tom", kind="reader_messages").created_at
    sent(received_at=newer + timedelta(minutes=1))
    assert reader_messages.tell_editors(now=newer + timedelta(minutes=2)) == 1


def test_nobody_is_told_where_nothing_waits(people):
    sent(handled_at=NOW)
    assert reader_messages.tell_editors(now=NOW) == 0


def test_messages_are_deleted_after_ninety_days_handled_or_not(people):
    day = timedelta(days=1)
    old = [sent(received_at=NOW - 90 * day - day / 24), sent("error", received_at=NOW - 200 * day, handled_at=NOW)]
    kept = sent(received_at=NOW - 90 * day + day / 24)
    assert reader_messages.delete_old(now=NOW) == len(old)

    assert list(ReaderMessage.objects.all()) == [kept]
    assert (last()["kind"], last()["data"]["count"]) == ("reader_messages.deleted", 2)
    assert reader_messages.delete_old(now=NOW) == 0
    assert AuditEvent.objects.filter(kind="reader_messages.deleted").count() == 1


def test_a_message_can_be_deleted_before_its_time_and_what_came_of_it_stays(people):
    message, tom = sent(), Person("tom")
    click(tom, message)
    answer = tom.fill(url(message, "delete"))

    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert not ReaderMessage.objects.exists()
    assert Article.objects.count() == 1
    assert last()["kind"] == "reader_message.deleted"
    assert tom.client.get(url(message)).status_code == 404


def test_the_command_and_the_clock_delete_too(people):
    sent(received_at=NOW - timedelta(days=4000))
    assert tasks.delete_old_reader_messages.run() == 1
    sent(received_at=NOW - timedelta(days=4000))
    out = StringIO()
    call_command("delete_reader_messages", stdout=out)
    assert "1 messages older than 90 days deleted." in out.getvalue()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("May I drink coffee?", "May I drink coffee?"),
        ("Hello. May I drink coffee? And tea?", "May I drink coffee?"),
        ("coffee\n\nand   pressure", "coffee and pressure"),
        ("I read it. It helps.", "I read it."),
        ("word " * 100, ("word " * 39).strip() + "…"),
        ("x" * 400, "x" * 199 + "…"),
        ("??? ??? ???", "??? ??? ???"),
    ],
)
def test_a_draft_s_title_is_the_first_question_of_the_message(text, title):
    assert reader_messages.title_of(ReaderMessage(text=text)) == title
