"""The queue's page, as editors use it."""

import csv
import io
import json
import re
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Publication
from editorial import clock, keyset
from reviews import desk, workflow
from reviews.models import ReviewAssignment
from reviews.queue import counting
from reviews.queue.looking import ORDERS
from reviews.queue.named import BY_NAME, VIEWS
from reviews.queue.rows import with_standing
from reviews.states import VerdictKind
from tests.desk import Person
from tests.many import multiply
from tests.reviews.later import typographic

URL = "/admin/queue/"


def shown(person: Person, query: str = "") -> str:
    page = person.client.get(URL + query)
    assert page.status_code == 200
    return page.text


def counts(person: Person) -> dict[str, str]:
    return json.loads(person.client.get("/admin/queue/counts/").text)


def late(story, title: str = "Late?"):
    """A round whose reviews were due long before today."""
    round = story.round(title=title)
    ReviewAssignment.objects.filter(round=round).update(review_on=story.now.date() - timedelta(days=400))
    return round


@pytest.mark.parametrize("who", ["nora", "ana"])
@pytest.mark.parametrize("url", [URL, "/admin/queue/counts/", "/admin/queue/export.csv", "/admin/queue/act/"])
def test_whoever_is_no_editor_finds_nothing(people, who, url):
    client = Person(who).client
    assert client.get(url).status_code == 404
    assert client.post(url, {"act": "triage", "chosen": "1"}).status_code == 404


def test_a_row_says_whose_turn_it_is_and_offers_the_next_act(story):
    article = story.submitted(title="Fresh?")
    page = shown(Person("lena"))
    assert "<strong>An editor</strong>: triage" in page
    assert f'href="/admin/articles/article/{article.pk}/verb/triage/"' in page


def test_a_late_review_stands_first_among_the_troubles(story):
    late(story)
    page = shown(Person("tom"), "?view=overdue")
    assert "Claire Dubois and Ravi Menon" in page
    assert "days late" in page
    assert counts(Person("tom"))["overdue"] == "1"


def test_approvals_are_counted_against_the_quorum(story):
    round = story.round()
    story.sign(round, "claire")
    assert "1 of 2 approvals" in shown(Person("tom"))


def test_a_withdrawn_signature_counts_no_more(story):
    round = story.round()
    story.sign(round, "claire")
    signature = round.reviews.get().signature
    values = {"signature": signature, "reason": "I erred.", "proof": story.proof("claire")}
    workflow.void_signature(round.article, actor=story.people["claire"], now=story.now, **values)
    assert "0 of 2 approvals" in shown(Person("tom"))


def test_the_editor_on_the_panel_learns_nothing_of_verdicts(story):
    """She judges it herself: neither the count of approvals nor the views that tell of an objection show it."""
    lena = story.people["claire"]
    lena.groups.add(Group.objects.get(name="editor"))
    round = story.round()
    story.sign(round, "ravi", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")
    claire = Person("claire")
    assert counts(Person("tom"))["objection"] == "1"
    assert counts(claire)["objection"] == "0"
    assert "approvals" not in shown(claire)
    assert "objection" not in shown(claire, "?view=reviews").split('class="queue__main"')[1]
    rows = list(csv.DictReader(io.StringIO(claire.client.get("/admin/queue/export.csv").text.lstrip("\ufeff"))))
    assert [(row["approvals"], row["waits for"]) for row in rows] == [("", "Claire Dubois")]


def test_an_editor_who_wrote_the_text_learns_neither_who_reviews_it_nor_what_they_say(story):
    """To its authors a reviewer is “Reviewer 2” until publication, whatever else they are here."""
    round = late(story)
    round.article.authors.add(story.people["tom"])
    story.sign(round, "ravi", VerdictKind.SAFETY_OBJECTION, comment="The dose kills.")
    tom = Person("tom")
    claire = story.seat(round, "claire").member_id
    for query in ("", "?view=overdue", f"?member={claire}"):
        page = shown(tom, query)
        assert "Dubois" not in page
        assert "Menon" not in page
    assert "<strong>The panel</strong>: review" in shown(tom, "?view=overdue")
    assert counts(tom)["objection"] == "0"
    assert "/admin/remind/" not in shown(tom)
    home = tom.client.get("/admin/").text
    assert "Dubois" not in home
    assert "Remind<" not in home


def test_each_view_has_its_count_and_its_words_when_empty(people):
    tom = Person("tom")
    assert counts(tom) == {view.name: "0" for view in VIEWS}
    for view in VIEWS:
        page = shown(tom, f"?view={view.name}")
        assert str(view.empty).replace("'", "&#x27;") in page
        assert str(view.asks).replace("'", "&#x27;") in page


def test_filters_narrow_and_are_kept_in_the_address(story):
    mine, other = story.round(title="Mine?"), story.round(title="Theirs?")
    Article.objects.filter(pk=other.article_id).update(handling_editor=story.people["lena"], risk_tier="high")
    tom = Person("tom")
    assert [
        ("Mine?" in shown(tom, q), "Theirs?" in shown(tom, q)) for q in ("?editor=mine", "?risk=high", "?q=min")
    ] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    claire = story.seat(mine, "claire").member_id
    assert 'value="high" selected' in shown(tom, f"?risk=high&member={claire}")
    assert "view=decide&amp;risk=high" in shown(tom, "?risk=high")


def test_a_filter_that_nothing_fits_offers_to_clear_it(story):
    story.submitted()
    page = shown(Person("tom"), "?view=triage&q=zzz")
    assert "Nothing here fits" in page
    assert 'href="?view=triage"' in page


@pytest.mark.parametrize(
    "query",
    [
        *("?view=nonsense", "?risk=huge", "?member=99999", "?age=x", "?sort=up", "?after=x", "?before=2026~"),
        *("?sort=title&after=a%00~1", "?sort=risk&after=x~1", "?sort=due&after=2026-13-01~1"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(story, query):
    story.submitted(title="Here?")
    page = shown(Person("tom"), query)
    assert 'class="banner banner--warning"' in page
    assert "Here?" in page


def test_a_null_byte_in_the_search_breaks_nothing(people):
    assert Person("tom").client.get(URL, {"q": "a\x00b", "after": "\x00~1"}).status_code == 200


def test_pages_lead_on_and_back(story, people, now):
    Article.objects.bulk_create(
        Article(title=f"Q{n}?", slug=f"q{n}", created_at=now, created_by=people["nora"], state_since=now)
        for n in range(31)
    )
    tom = Person("tom")
    first = shown(tom, "?view=drafts")
    assert first.count('class="queue-row"') == 30
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = shown(tom, link)
    assert second.count('class="queue-row"') == 1
    assert 'rel="prev"' in second


def test_a_count_stops_where_nobody_counts_any_more(people, now, monkeypatch):
    monkeypatch.setattr("editorial.tallies.MOST", 2)
    Article.objects.bulk_create(
        Article(title=f"Q{n}?", slug=f"q{n}", created_at=now, created_by=people["nora"], state_since=now)
        for n in range(4)
    )
    assert counts(Person("tom"))["drafts"] == "2+"


def test_the_file_holds_what_the_view_shows_and_runs_nothing(story):
    story.submitted(title="=HYPERLINK(evil)")
    answer = Person("tom").client.get("/admin/queue/export.csv?view=triage")
    assert answer["Content-Disposition"].startswith('attachment; filename="queue-triage-')
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(evil)"]
    assert rows[0]["for what"] == "triage"


def test_what_is_due_for_re_review_begins_with_what_is_due_first(story):
    story.confirm(story.sign(story.round("claire", risk="low", title="Low risk?"), "claire"))
    story.published(title="Standard risk?")
    due = {row.title: row.next_review_due for row in Publication.objects.filter(status="live")}
    assert due["Standard risk?"] < due["Low risk?"]
    with time_machine.travel(datetime.combine(due["Low risk?"], time(12), UTC), tick=False):
        tom = Person("tom")
        page, oldest = shown(tom, "?view=re-review"), shown(tom, "?view=re-review&sort=since")
        first = counting.firsts(story.people["tom"], clock.now(), [BY_NAME["re-review"]], 5)
    assert page.index("Standard risk?") < page.index("Low risk?")
    assert oldest.index("Low risk?") < oldest.index("Standard risk?")
    titles = [Article.objects.get(pk=pk).title for pk in first["re-review"]]
    assert titles == ["Standard risk?", "Low risk?"]
    cut = partial(keyset.cut, desk.due_for_re_review(due["Low risk?"]), ORDERS["review"], size=1, whole=with_standing)
    begin = cut()
    end = cut(after=begin.after)
    back = cut(before=end.before)
    assert [page.rows[0].title for page in (begin, end, back)] == [*titles, titles[0]]
    assert (begin.before, end.after, back.before) == ("", "", "")
    assert '<option value="review">' in page
    assert '<option value="review">' not in shown(Person("tom"))


def test_an_article_of_two_versions_is_due_once_on_the_page_and_in_the_file(story):
    article = story.published()
    typographic(story, article)
    day = article.publications.get(status="live").next_review_due
    with time_machine.travel(datetime.combine(day, time(12), UTC), tick=False):
        tom = Person("tom")
        lines = tom.client.get(f"{URL}export.csv?view=re-review").text.splitlines()
        page = shown(tom, "?view=re-review")
    assert len(lines) == 2
    assert page.count(f'value="{article.pk}"') == 1


@pytest.mark.parametrize(
    ("look", "kept"), [("?view=re-review&sort=review", ""), ("?sort=since", ""), ("?sort=title", "sort=title")]
)
def test_the_order_that_a_view_begins_in_stays_behind_with_it_and_a_chosen_one_goes_along(people, look, kept):
    page = shown(Person("tom"), look)
    (link,) = re.findall(r'href="(\?view=drafts[^"]*)"', page)
    assert link.replace("&amp;", "&") == "?view=drafts" + (f"&{kept}" if kept else "")


LOOKING = ("SELECT", "DECLARE", "SAVEPOINT", "RELEASE")


def test_looking_changes_nothing(story):
    late(story)
    tom = Person("tom")
    with CaptureQueriesContext(connection) as queries:
        shown(tom, "?view=overdue")
    assert [q["sql"] for q in queries if not q["sql"].startswith(LOOKING)] == []


def test_the_queries_dont_grow_with_the_rows(story):
    tom, round, asked = Person("tom"), late(story), []
    for upto in (1, 3, 30):
        already = Article.objects.count()
        multiply(round, upto - already, first=already)
        shown(tom)
        with CaptureQueriesContext(connection) as queries:
            page = shown(tom, "?view=overdue")
        assert page.count('class="queue-row"') == upto
        asked.append([q["sql"][:90] for q in queries])
    assert len({len(queries) for queries in asked}) == 1, asked
    assert len(asked[0]) <= OF_EVERY_PAGE + 8, asked[0]


OF_EVERY_PAGE = 8
"""Session, person, roles, permissions twice (the framework); and for the frame the sign of life, what is unread, and
what the sidebar counts."""


def test_every_view_is_known_by_its_name():
    assert len(BY_NAME) == len(VIEWS)
