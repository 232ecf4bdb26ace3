"""What readers send to the editors: taken once, kept apart from everything else, and thanked for."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from articles import lifecycle
from articles.models import PublicPage, ReaderMessage
from tests.articles.reader.sending import TEXT, refusal_of, send, token_of, typed_in

THEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(story) -> str:
    return f"/articles/{story.published().slug}/report/"


@pytest.fixture
def form(db) -> str:
    return "/ask/send/"


def test_a_report_is_stored_with_its_page_and_thanked_for(path, clock):
    page = Client().get(path)
    clock.shift(20)
    answer = send(path, token_of(page), email="reader@example.org")

    assert (answer.status_code, answer["Location"]) == (303, f"{path}sent/")
    (message,) = ReaderMessage.objects.all()
    assert (message.kind, message.text, message.email) == ("error", TEXT, "reader@example.org")
    assert (message.slug, message.version) == (path.split("/")[2], 1)
    assert message.handled_at is None
    assert message.article_id is None
    for _again in range(2):
        thanks = Client().get(answer["Location"])
        assert thanks.status_code == 200
        assert "Thank you." in thanks.text
    assert ReaderMessage.objects.count() == 1


def test_a_question_comes_filled_in_and_nothing_is_stored_before_it_is_sent(story, clock):
    slug = story.published().slug
    url = f"/ask/send/?q={quote('May I drink coffee with it?')}&from={slug}"
    page = Client().get(url)
    assert typed_in(page) == "May I drink coffee with it?"
    assert not ReaderMessage.objects.exists()
    clock.shift(20)
    answer = send(url, token_of(page), typed_in(page))

    assert (answer.status_code, answer["Location"]) == (303, f"/ask/send/sent/?from={slug}")
    (message,) = ReaderMessage.objects.all()
    assert (message.kind, message.text, message.slug) == ("question", "May I drink coffee with it?", slug)


@pytest.mark.parametrize("given", ["", "nowhere", "a" * 5000, "<script>", "../../etc", "%00"])
def test_a_question_from_nowhere_is_taken_without_an_article(db, clock, given):
    url = f"/ask/send/?from={given}"
    page = Client().get(url)
    clock.shift(20)
    assert send(url, token_of(page)).status_code == 303
    assert ReaderMessage.objects.get().slug == ""


def test_forms_are_kept_by_no_cache_set_no_cookie_and_stay_out_of_search_engines(path):
    for url in (path, f"{path}sent/", "/ask/send/", "/ask/send/sent/"):
        page = Client().get(url)
        assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")
        assert '<meta name="robots" content="noindex">' in page.text
        assert "canonical" not in page.text


def test_what_happens_to_a_message_is_said_before_it_is_written(path):
    for url in (path, "/ask/send/"):
        text = Client().get(url).text
        assert "It is kept for 90 days, then deleted." in text
        assert "call your local emergency number" in text


def test_an_article_leads_to_its_form_and_the_form_back(story, path):
    article = path.removesuffix("report/")
    assert f'href="{path}"' in Client().get(article).text
    assert f'href="{article}"' in Client().get(path).text


def test_of_what_readers_do_not_have_nothing_can_be_reported(story, path):
    article, draft = PublicPage.objects.get().publication.article, story.draft(title="A draft?")
    story.tick()
    lifecycle.hold(article, actor=story.people["lena"], now=story.now, reason="Unsafe.", proof=story.proof("lena"))
    unknown = Client().get("/nowhere/")
    for url in (path, f"{path}sent/", f"/articles/{draft.slug}/report/", "/articles/none/report/"):
        assert Client().get(url).content == unknown.content
    assert send(path, "x").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write your message first."),
        (" \n\t ", "Write your message first."),
        ("too short", "at least 10 characters"),
        ("          short          ", "at least 10 characters"),
        ("x" * 4001, "has 4001 characters; at most 4000 fit"),
        ("😀" * 4001, "at most 4000 fit"),
        ("A letter " + "e" + "\u0301" * 40, "more than 30 accents"),
    ],
)
def test_a_text_that_is_refused_stays_in_the_form(form, clock, text, said):
    page = Client().get(form)
    clock.shift(20)
    answer = send(form, token_of(page), text)

    assert answer.status_code == 422
    assert said in refusal_of(answer)
    assert typed_in(answer) == text
    assert "<title>Not sent: " in answer.content.decode()
    assert token_of(answer) == token_of(page)
    assert not ReaderMessage.objects.exists()


@pytest.mark.parametrize("text", ["x" * 10, "😀" * 4000, "Line one\r\nline two", "  The dose is wrong.  "])
def test_a_text_of_the_right_length_is_taken_with_one_kind_of_line_end(form, clock, text):
    page = Client().get(form)
    clock.shift(20)
    assert send(form, token_of(page), text).status_code == 303
    assert ReaderMessage.objects.get().text == text.replace("\r\n", "\n").strip()


def test_a_text_is_stored_in_the_normal_form(form, clock):
    page = Client().get(form)
    clock.shift(20)
    send(form, token_of(page), "Me\u0301nie\u0300re's disease")
    assert ReaderMessage.objects.get().text == "Ménière's disease"


def test_a_nul_is_taken_out_and_said(form, clock):
    page = Client().get(form)
    clock.shift(20)
    answer = send(form, token_of(page), "The dose is\x00 wrong.")

    assert (answer.status_code, typed_in(answer)) == (422, "The dose is wrong.")
    assert "It was taken out" in refusal_of(answer)
    assert send(form, token_of(answer), typed_in(answer)).status_code == 303


@pytest.mark.parametrize("email", ["nobody", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"])
def test_an_address_that_cannot_be_one_is_refused_with_the_text_kept(form, clock, email):
    page = Client().get(form)
    clock.shift(20)
    answer = send(form, token_of(page), email=email)

    assert (answer.status_code, typed_in(answer)) == (422, TEXT)
    assert "Your e-mail address" in refusal_of(answer)
    assert not ReaderMessage.objects.exists()


def test_markup_comes_back_as_text(form, clock):
    page = Client().get(form)
    clock.shift(20)
    hostile = "</textarea><script>x</script>"
    answer = send(form, token_of(page), hostile, email='"><script>')

    assert typed_in(answer) == hostile
    assert "<script>" not in answer.content.decode().replace('<script src="', "")


def test_a_question_in_the_address_is_cut_and_cleaned_for_the_form(db):
    page = Client().get(f"/ask/send/?q={quote('a' * 5000)}%00%3Cscript%3E")
    assert page.status_code == 200
    assert typed_in(page) == "a" * 5000 + "<script>"
