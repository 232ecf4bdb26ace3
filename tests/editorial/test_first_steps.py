"""The first steps on the home page: for each role, done or not, put away for good and brought back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import first_steps
from editorial.models import Absence, BoardMember, Interest, User
from reviews import workflow
from tests.desk import Person

HOME = "/admin/"
STEP = re.compile(r'<li class="first-steps__step( is-done)?">.*?<a href="([^"]+)">([^<]+)</a>', re.DOTALL)


def steps(who: str) -> list[tuple[str, str, bool]]:
    """Each step's words and address, and whether it is shown as done."""
    page = Person(who).client.get(HOME).text
    return [(label, url.replace("&amp;", "&"), bool(done)) for done, url, label in STEP.findall(page)]


def guides(who: str) -> list[str]:
    return re.findall(r'<h2 id="first-steps-(\w+)">', Person(who).client.get(HOME).text)


def done(who: str) -> list[bool]:
    return [is_done for _label, _url, is_done in steps(who)]


def test_each_role_has_its_own(people):
    assert guides("claire") == ["board"]
    assert guides("nora") == ["author"]
    assert guides("tom") == ["editor"]
    assert guides("ingrid") == ["editor", "chief"]


@pytest.mark.parametrize("who", ["claire", "nora", "tom", "ingrid"])
def test_every_step_leads_somewhere(people, who):
    client = Person(who).client
    assert len(steps(who)) >= 3
    for label, url, _done in steps(who):
        assert client.get(url).status_code == 200, label


def test_what_a_member_did_is_shown_as_done(story, now):
    assert done("claire") == [False, False, False, False]
    round = story.round("claire", "ravi")
    member, today = BoardMember.objects.get(user__username="claire"), now.date()
    assert steps("claire")[3][1] == story.seat(round, "claire").get_absolute_url()
    Interest.objects.create(member=member, company="Acme", nature="Shares", since=today)
    Absence.objects.create(member=member, first_day=today, last_day=today + timedelta(days=3))
    story.sign(round, "claire")
    assert done("claire") == [True, True, False, True]


def test_what_an_author_did_is_shown_as_done(story):
    assert done("nora") == [False] * 4
    article = story.draft()
    assert done("nora") == [True, True, False, False]
    assert steps("nora")[2][1] == f"/admin/articles/article/{article.pk}/change/"
    story.submitted(article)
    assert done("nora") == [True] * 4


def test_what_an_editor_did_is_shown_as_done(story):
    assert done("tom") == [False] * 4
    round = story.round("claire", "ravi")
    assert done("tom") == [True, True, False, False]
    workflow.remind(round.article, actor=story.people["tom"], assignment=story.seat(round, "claire"))
    assert done("tom") == [True, True, True, False]
    assert done("lena") == [False] * 4


def test_put_away_they_stay_away_until_they_are_brought_back(people):
    ingrid = Person("ingrid")
    page = ingrid.client.post("/admin/first-steps/chief/close/", follow=True).text
    assert "Your menu brings them back." in page
    assert "Show the first steps" in page
    assert guides("ingrid") == ["editor"]
    ingrid.client.post("/admin/first-steps/chief/close/")
    ingrid.client.post("/admin/first-steps/editor/close/")
    assert User.objects.get(username="ingrid").first_steps_closed == ["chief", "editor"]
    assert guides("ingrid") == []
    assert guides("tom") == ["editor"]
    page = ingrid.client.post("/admin/first-steps/", follow=True).text
    assert "The first steps are back." in page
    assert "Show the first steps" not in page
    assert guides("ingrid") == ["editor", "chief"]


def test_a_role_given_later_brings_its_own_steps(people):
    Person("nora").client.post("/admin/first-steps/author/close/")
    people["nora"].groups.add(Group.objects.get(name="editor"))
    assert guides("nora") == ["editor"]


def test_looking_puts_nothing_away(people):
    tom = Person("tom")
    for url in ("/admin/first-steps/editor/close/", "/admin/first-steps/"):
        assert tom.client.get(url, follow=True).status_code == 200
    assert guides("tom") == ["editor"]


@pytest.mark.parametrize("name", ["chief", "nonsense", "author"])
def test_steps_of_another_role_are_not_there(people, name):
    assert Person("tom").client.post(f"/admin/first-steps/{name}/close/").status_code == 404
    assert User.objects.get(username="tom").first_steps_closed == []


@pytest.mark.parametrize("who", ["claire", "nora", "tom"])
def test_what_was_put_away_costs_nothing(story, who):
    story.round()
    user = User.objects.get(username=who)
    first_steps.shown_to(user)
    with CaptureQueriesContext(connection) as queries:
        first_steps.shown_to(user)
    assert 1 <= len(queries) <= 2
    first_steps.close(user, first_steps.shown_to(user)[0].name)
    user = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as queries:
        assert first_steps.shown_to(user) == []
    assert len(queries) <= 1
