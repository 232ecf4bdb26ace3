"""What waits for its week, as editors see and arrange it in the queue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from editorial.models import AuditEvent
from reviews import reminders, workflow
from reviews.models import ReminderDispatch, ReviewRound, RoundPace, WaitingRound
from tests.desk import Person
from tests.reviews.queue.test_acts import press, said, send
from tests.reviews.queue.test_queue import OF_EVERY_PAGE, counts, shown
from tests.reviews.test_listing import MONDAY, listed, order, pace

VIEW, PACE, ORDER = "?view=week", "/admin/queue/pace/", "/admin/queue/order/"


@pytest.fixture(autouse=True)
def on_monday(monkeypatch):
    monkeypatch.setattr("editorial.clock.now", lambda: MONDAY)


def move(person: Person, article: Article, way: str):
    return person.client.post(ORDER, {"move": f"{way}-{article.pk}"})


def test_several_are_put_on_the_list_by_one_button_the_oldest_first(story):
    rows, tom = [story.triaged(title=f"Q{n}?") for n in range(3)], Person("tom")
    assert "Open in its week: 3 done." in said(tom, send(tom, "list_round", *reversed(rows)))
    assert order() == ["Q0?", "Q1?", "Q2?"]
    assert AuditEvent.objects.filter(kind="article.round_listed").count() == 3


def test_what_cannot_wait_is_left_out_with_its_reason(story):
    article, fresh, tom = story.triaged(title="Ripe?"), story.submitted(title="Fresh?"), Person("tom")
    page = press(tom, "list_round", article, fresh).text
    assert "Fresh?: Triage it first" in page
    assert "at the desk&#x27;s pace" in page
    assert "Open in its week: 1 done." in said(tom, send(tom, "list_round", article, fresh))
    assert order() == ["Ripe?"]


def test_the_same_form_sent_twice_lists_once(story):
    article, tom = story.triaged(), Person("tom")
    page = press(tom, "list_round", article).text
    number = page.split('name="request_id" value="')[1].split('"')[0]
    values = {"request_id": number, "stamp": "many", f"stamp-{article.pk}": article.stamp}
    for _click in range(2):
        assert "1 done." in said(tom, press(tom, "list_round", article, **values))
    assert WaitingRound.objects.count() == 1


def test_the_view_shows_them_in_order_with_the_week_of_each(story):
    pace(story, 1)
    listed(story, "Zebra?", "Apple?")
    page = shown(Person("tom"), VIEW)
    assert page.index("Zebra?") < page.index("Apple?")
    assert "<strong>The clock</strong>: open the round this week" in page
    assert "<strong>The clock</strong>: open the round in the week of 16 March" in page
    assert "1 round a week" in page
    assert "the last in the week of 16 March 2026" in page
    assert "Take off the waiting list" in page
    assert '<option value="place">' in page
    assert '<option value="place">' not in shown(Person("tom"), "?view=panel")


def test_what_waits_is_counted_there_and_no_more_as_needing_a_panel(story):
    tom = Person("tom")
    article = story.triaged()
    assert [counts(tom)[view] for view in ("panel", "week")] == ["1", "0"]
    workflow.list_round(article, actor=story.people["tom"], now=story.tick())
    assert [counts(tom)[view] for view in ("panel", "week")] == ["0", "1"]


def test_what_could_not_be_opened_says_why_and_is_an_editors_again(story):
    (article,) = listed(story, "A?")
    WaitingRound.objects.update(problem="nobody in cardiology")
    tom = Person("tom")
    page = shown(tom, VIEW)
    assert "<strong>Tom Okafor</strong>: choose the panel: nobody in cardiology" in page
    assert "1 couldn&#x27;t be opened" in page or "1 couldn't be opened" in page
    assert f"/admin/articles/article/{article.pk}/verb/open_round/" in page
    assert [counts(tom)[view] for view in ("panel", "week")] == ["1", "1"]


def test_buttons_move_a_row_and_lead_back(story):
    _first, second, third = listed(story, "A?", "B?", "C?")
    lena = Person("lena")
    assert move(lena, third, "up")["Location"] == f"/admin/queue/{VIEW}"
    assert order() == ["A?", "C?", "B?"]
    move(lena, second, "top")
    assert order() == ["B?", "A?", "C?"]
    assert f'name="move" value="down-{second.pk}"' in shown(lena, VIEW)


@pytest.mark.parametrize(
    "value", ["", "up", "up-", "up-x", "up-999999999", "sideways-{pk}", "up-\x00", "up-" + "9" * 30]
)
def test_a_move_that_cannot_be_read_is_said_and_changes_nothing(story, value):
    (article,) = listed(story, "A?")
    lena = Person("lena")
    answer = lena.client.post(ORDER, {"move": value.format(pk=article.pk)})
    assert answer.status_code == 302
    assert 'class="warning"' in lena.client.get(answer["Location"]).text
    assert order() == ["A?"]


@pytest.mark.parametrize("who", ["nora", "claire"])
def test_whoever_is_no_editor_finds_nothing(story, who):
    article, client = story.triaged(), Person(who).client
    assert [client.get(url).status_code for url in (PACE, ORDER)] == [404, 404]
    assert client.post(ORDER, {"move": f"top-{article.pk}"}).status_code == 404
    assert client.post(PACE, {"a_week": "9"}).status_code == 404
    assert not RoundPace.objects.exists()


def test_looking_at_the_order_moves_nothing(story):
    (article,) = listed(story, "A?")
    assert Person("tom").client.get(ORDER, {"move": f"top-{article.pk}"}).status_code == 404


def test_a_chief_editor_sets_the_pace_and_sees_what_it_asks_of_the_board(story):
    listed(story, "A?")
    ingrid = Person("ingrid")
    page = ingrid.client.get(PACE).text
    assert "At 5 a week the board is asked for about " in page
    assert ingrid.fill(PACE, a_week="12", paused="on")["Location"] == f"/admin/queue/{VIEW}"
    row = RoundPace.current()
    assert (row.a_week, row.paused) == (12, True)
    assert "the clock opens no round" in shown(ingrid, VIEW)


def test_a_pace_that_the_board_cannot_keep_is_said_so(story):
    listed(story, "A?")
    pace(story, 100)
    assert "That is more than the board gives" in Person("ingrid").client.get(PACE).text


def test_another_editor_is_told_who_sets_the_pace(story):
    RoundPace.objects.create(pk=1)
    tom = Person("tom")
    assert "Only a chief editor sets the pace." in tom.client.get(PACE).text
    stamp = RoundPace.current().stamp
    number = "2f1c0e0e-0000-4000-8000-000000000000"
    answer = tom.client.post(PACE, {"a_week": "9", "stamp": stamp, "request_id": number})
    assert answer.status_code == 403
    assert RoundPace.current().a_week == 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("many", "Write a whole number"),
        ("", "This field is required"),
        ("0", "At least 1"),
        ("1000", "At most 100 rounds a week"),
        ("2.5", "Write a whole number"),
    ],
)
def test_a_pace_that_cannot_be_read_is_said_in_words(story, given, words):
    answer = Person("ingrid").fill(PACE, a_week=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert RoundPace.current().a_week == 5


def test_a_pace_set_by_somebody_else_meanwhile_is_shown_first(story):
    pace(story, 5)
    ingrid = Person("ingrid")
    form = ingrid.fields(PACE, having="stamp")
    pace(story, 9)
    answer = ingrid.client.post(PACE, {**form, "a_week": "3"})
    assert answer.status_code == 409
    assert RoundPace.current().a_week == 9


def test_its_own_page_offers_the_same(story):
    article, tom = story.triaged(), Person("tom")
    assert tom.act(article.pk, "list_round").status_code == 302
    assert order() == [article.title]
    assert tom.act(article.pk, "unlist_round").status_code == 302
    assert order() == []
    assert tom.act(article.pk, "list_round").status_code == 302
    assert tom.act(article.pk, "open_round").status_code == 302
    assert ReviewRound.objects.get().opened_by == story.people["tom"]
    assert WaitingRound.objects.order_by("-pk").first().ended == "by_hand"


def test_nobody_is_reminded_to_choose_a_panel_that_the_clock_will_choose(story):
    reminders.standard_rules()
    listed(story, "A?")
    story.triaged(title="B?")
    reminders.plan(now=story.now + timedelta(days=30))
    about = ReminderDispatch.objects.filter(rule__trigger="no_panel").values_list("target", flat=True)
    assert sorted(set(about)) == [f"article:{Article.objects.get(title='B?').pk}"]


def test_an_editor_who_wrote_it_sees_no_way_to_move_it(story):
    (article,) = listed(story, "A?")
    article.authors.add(story.people["tom"])
    tom = Person("tom")
    assert f'value="top-{article.pk}"' not in shown(tom, VIEW)
    assert "You are an author" in said(tom, move(tom, article, "top"))


LIST = 5
"""The list, its pace, what was opened this week, closed periods; and likely duplicates."""


def test_the_queries_dont_grow_with_the_rows(story):
    tom, asked = Person("tom"), []
    for upto in (1, 3, 30):
        listed(story, *(f"Q{n}?" for n in range(WaitingRound.objects.count(), upto)))
        shown(tom)
        with CaptureQueriesContext(connection) as queries:
            page = shown(tom, VIEW)
        assert page.count('class="queue-row"') == upto
        asked.append([q["sql"][:90] for q in queries])
    assert len({len(queries) for queries in asked}) == 1, asked
    assert len(asked[0]) <= OF_EVERY_PAGE + 8 + LIST, asked[0]
