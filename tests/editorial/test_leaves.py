"""An editor's days away: entered, cut short, and who decides meanwhile."""

from datetime import timedelta

import pytest

from editorial import clock, leaves
from editorial.conditions import Refused
from editorial.models import Leave, User
from tests.desk import Person
from tests.editorial.test_mail_page import LEAVE, NOW, PAGE, away, fresh, kinds


def test_an_editor_enters_a_leave_and_comes_back_early(people):
    tom, ingrid = people["tom"], people["ingrid"]
    today = clock.day_in(tom.zone, clock.now())
    person = Person("tom")
    sent = person.fill(LEAVE, first_day=today - timedelta(2), last_day=today + timedelta(9), deputy=ingrid.pk)
    assert sent.status_code == 302, sent.text
    leave = Leave.objects.get()
    assert leaves.Away(clock.now()).deputy(tom) == ingrid
    assert f"{ingrid.shown_name} decides for you" in person.client.get(PAGE).text
    assert person.fill(f"{PAGE}leave/{leave.pk}/end/").status_code == 302
    assert Leave.objects.get().last_day == today - timedelta(1)
    assert kinds(tom)[-2:] == ["leave.added", "leave.ended"]


def test_leave_that_cannot_be_is_refused_in_words(people):
    tom = people["tom"]
    today = clock.day_in(tom.zone, clock.now())
    person = Person("tom")
    assert person.fill(LEAVE, first_day=today, last_day=today + timedelta(5), deputy="").status_code == 302
    for first, last, said in (
        (5, 9, "You are away from"),
        (12, 11, "lies before the first"),
        (-9, -8, "is over already"),
        (10, 400, "a year at most"),
    ):
        sent = person.fill(LEAVE, first_day=today + timedelta(first), last_day=today + timedelta(last))
        assert sent.status_code == 403
        assert said in sent.text
    assert Leave.objects.count() == 1


@pytest.mark.parametrize("who", ["tom", "claire", "nora"])
def test_a_deputy_is_another_editor(people, who):
    tom = people["tom"]
    today = clock.day_in(tom.zone, clock.now())
    sent = Person("tom").fill(LEAVE, first_day=today, last_day=today, deputy=people[who].pk)
    assert sent.status_code == 422
    with pytest.raises(Refused, match=r"own deputy|another editor"):
        leaves.add_leave(tom, actor=tom, first_day=today, last_day=today, deputy=people[who])
    assert not Leave.objects.exists()


def test_whoever_is_no_editor_enters_no_leave(people):
    for who in ("claire", "nora"):
        assert Person(who).client.get(LEAVE).status_code == 404
        with pytest.raises(Refused, match="Only editors"):
            leaves.add_leave(people[who], actor=people[who], first_day=NOW.date(), last_day=NOW.date(), now=NOW)


def test_nobody_ends_anothers_leave(people):
    leave = Leave.objects.create(user=people["tom"], first_day=NOW.date(), last_day=NOW.date() + timedelta(9999))
    for who, pk in (("ingrid", leave.pk), ("tom", 10**19)):
        assert Person(who).client.get(f"{PAGE}leave/{pk}/end/").status_code == 404


def test_news_for_an_absent_editor_go_to_the_deputy(people):
    away(people["tom"], people["ingrid"])
    assert leaves.for_editor(people["tom"], NOW) == [people["ingrid"]]
    assert leaves.for_editor(people["tom"], NOW + timedelta(days=2)) == [people["tom"]]


def test_a_deputy_who_is_away_too_passes_nothing_on(people):
    other = next(one for one in leaves.may_deputise(people["tom"]) if one.pk != people["ingrid"].pk)
    away(people["tom"], other)
    away(other, people["ingrid"])
    assert leaves.Away(NOW).deputy(people["tom"]) is None
    told = leaves.for_editor(people["tom"], NOW)
    assert told[0] == people["tom"]
    assert people["ingrid"] in told
    assert other not in told[1:] or leaves.is_chief(other)


def test_a_disabled_deputy_or_editor_is_passed_over(people):
    away(people["tom"], people["ingrid"])
    User.objects.filter(pk=people["ingrid"].pk).update(is_active=False)
    assert leaves.Away(NOW).deputy(people["tom"]) is None
    User.objects.filter(pk=people["tom"].pk).update(is_active=False)
    assert people["tom"] not in leaves.for_editor(fresh(people["tom"]), NOW)


def test_the_article_says_who_decides_while_its_editor_is_away(story):
    article = story.triaged()
    person = Person("ingrid")
    page = f"/admin/articles/article/{article.pk}/change/"
    assert "decides meanwhile" not in person.client.get(page).text
    today = clock.day_in(story.people["tom"].zone, clock.now())
    Leave.objects.create(user=story.people["tom"], first_day=today, last_day=today, deputy=story.people["ingrid"])
    assert f"{story.people['ingrid'].shown_name} decides meanwhile" in person.client.get(page).text
