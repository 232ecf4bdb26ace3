"""The pages of metrics over HTTP: who sees them, what the address may say, what they hold, and what they cost."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial.models import User
from reviews.admin.metrics import CHAPTERS
from reviews.states import VerdictKind
from tests.reviews.metrics.crowd import crowd

OF_THE_FRAME = 2
"""Menus of the frame: one's own, and on a phone the desk's."""

PAGES = ["/admin/metrics/", *(f"/admin/metrics/{chapter.name}/" for chapter in CHAPTERS)]
FILES = [f"/admin/metrics/{name}.csv" for chapter in CHAPTERS for name in chapter.tables]


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def now_is(monkeypatch, story):
    """Pages ask the clock; here it says what the story does."""
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)


# Who sees them


def test_editors_see_every_page_and_file(story, sign_in, now_is):
    story.published()
    story.round(title="Another?")
    for username in ("tom", "ingrid"):
        client = sign_in(username)
        assert {address: client.get(address).status_code for address in (*PAGES, *FILES)} == dict.fromkeys(
            [*PAGES, *FILES], 200
        )


@pytest.mark.parametrize("username", ["nora", "claire"])
def test_for_everybody_else_they_look_as_if_they_were_not_there(people, sign_in, username):
    client = sign_in(username)
    missing = client.get("/admin/metrics/nothing/")
    for address in (*PAGES, *FILES):
        page = client.get(address)
        assert (page.status_code, page.content) == (404, missing.content), address


def test_whoever_is_not_signed_in_is_asked_to(db):
    for address in (PAGES[0], FILES[0]):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]


def test_an_unknown_chapter_or_file_is_missing(people, sign_in):
    client = sign_in("tom")
    assert client.get("/admin/metrics/nothing/").status_code == 404
    assert client.get("/admin/metrics/nothing.csv").status_code == 404


def test_the_way_there_stands_in_the_sidebar_of_editors_alone(people, sign_in):
    link = '<a href="/admin/metrics/" title="Metrics">'
    shown = {name: link in sign_in(name).get("/admin/").text for name in ("tom", "ingrid", "nora", "claire")}
    assert shown == {"tom": True, "ingrid": True, "nora": False, "claire": False}


# What the address may say


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=7", "Select a valid choice"),
        ("period=%00", "Select a valid choice"),
        ("risk=extreme", "Select a valid choice"),
        ("specialty=astrology", "Select a valid choice"),
        ("specialty=a%00b", "Select a valid choice"),
        ("period=custom", "Give both days of the period."),
        ("period=custom&since=2026-01-01", "Give both days of the period."),
        ("period=custom&since=2026-02-30&until=2026-03-01", "Enter a valid date."),
        ("period=custom&since=x&until=%00", "Enter a valid date."),
        ("period=custom&since=2026-03-01&until=2026-02-01", "The last day lies before the first: exchange them."),
        ("period=custom&since=0001-01-01&until=0001-01-02", "between 2000 and today"),
        ("period=custom&since=2026-01-01&until=9999-12-31", "between 2000 and today"),
        ("period=custom&since=2020-01-01&until=2026-01-01", "The longest period is two years."),
    ],
)
def test_a_filter_that_makes_no_sense_is_explained_and_shows_no_figure(people, sign_in, now_is, query, words):
    client = sign_in("tom")
    page = client.get(f"/admin/metrics/?{query}")
    assert page.status_code == 200
    assert words in page.text
    assert "These filters can't be used" in page.text
    assert "figure__said" not in page.text
    file = client.get(f"/admin/metrics/to-panel.csv?{query}")
    assert (file.status_code, file["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert words in file.text


def test_without_a_filter_the_page_says_that_it_shows_the_last_90_days(people, sign_in, now_is):
    page = sign_in("tom").get("/admin/metrics/").text
    assert "3 December 2025 to 2 March 2026." in page
    assert '<option value="90" selected>' in page


def test_a_filter_stays_in_every_link_of_the_page(people, sign_in, now_is):
    query = "?period=365&amp;specialty=cardiology&amp;risk=high"
    page = sign_in("tom").get("/admin/metrics/board/?period=365&specialty=cardiology&risk=high").text
    assert f'href="/admin/metrics/queue/{query}"' in page
    assert f'href="/admin/metrics/on-time.csv{query}"' in page


def test_a_period_of_ones_own_is_the_one_shown(people, sign_in, now_is):
    page = sign_in("tom").get("/admin/metrics/?period=custom&since=2026-01-05&until=2026-02-01").text
    assert "5 January 2026 to 1 February 2026." in page


# What they hold


@pytest.mark.sqlite
def test_every_chart_has_words_and_its_table_behind_it(story, sign_in, now_is):
    story.published()
    story.round(title="Another?")
    client = sign_in("tom")
    for address in PAGES:
        page = client.get(address).text
        drawn = page.count('<svg class="chart__svg"')
        assert drawn >= 1 or "figure__empty" in page
        assert page.count("<title id=") == page.count("<desc id=") == drawn
        assert page.count('<section class="card figure"') == page.count("<details") - OF_THE_FRAME
        assert "style=" not in page[page.index('id="content-main"') :]


def test_a_file_holds_the_table_of_its_page(story, sign_in, now_is):
    story.published()
    answer = sign_in("tom").get("/admin/metrics/members.csv?period=30")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="members.csv"'
    rows = {row[0]: row[1:4] for row in read_csv(answer)}
    assert rows["Member"] == ["Open reviews", "Takes at once", "Signed"]
    assert rows["Claire Dubois"] == ["0", "3", "1"]


def test_a_name_that_is_a_formula_is_harmless_in_a_file(story, sign_in, now_is):
    User.objects.filter(username="claire").update(first_name='=HYPERLINK("x")', last_name="&c")
    names = [row[0] for row in read_csv(sign_in("tom").get("/admin/metrics/load.csv"))]
    assert '\'=HYPERLINK("x") &c' in names


def test_a_name_that_is_markup_is_text_in_a_chart(story, sign_in, now_is):
    User.objects.filter(username="claire").update(first_name="<script>", last_name='"x')
    page = sign_in("tom").get("/admin/metrics/board/").text
    assert "<script> " not in page
    assert "&lt;script&gt;" in page


def test_no_page_or_file_tells_a_verdict_a_title_or_a_word_of_a_review(story, sign_in, now_is):
    round = story.round(title="Canary title?")
    story.sign(round, "claire", VerdictKind.CHANGES_NEEDED, comment="Canary comment.")
    client = sign_in("tom")
    for address in (*PAGES, *FILES):
        text = client.get(address).content.decode().casefold()
        told = [word for word in ("canary", "changes_needed", "safety_objection", "abstain") if word in text]
        assert told == [], address


def test_an_editor_who_wrote_the_text_finds_its_panel_in_no_figure(story, sign_in, now_is):
    """Of one's own article alone on a quiet day, a member's count would be a name."""
    story.round().article.authors.add(story.people["tom"])
    counts = {name: read_csv(sign_in(name).get("/admin/metrics/members.csv?period=30")) for name in ("tom", "lena")}
    opened = {name: {row[0]: row[1] for row in rows} for name, rows in counts.items()}
    assert opened["lena"]["Claire Dubois"] == "1"
    assert opened["tom"]["Claire Dubois"] == "0"


# What they cost


SIGNED_IN = 4
"""Session and user; what is unread, and what the sidebar counts."""


def test_a_page_costs_at_most_eight_queries_at_1_3_and_30_rows(story, sign_in, now_is):
    client, costs = sign_in("ingrid"), {}
    for count in (1, 2, 27):  # 1, 3 and 30 in all
        crowd(story, count)
        for address in PAGES:
            costs.setdefault(address, []).append(_cost(client, address) - SIGNED_IN)
    assert {address: len(set(found)) for address, found in costs.items()} == dict.fromkeys(PAGES, 1)
    assert max(found[0] for found in costs.values()) <= 8


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
