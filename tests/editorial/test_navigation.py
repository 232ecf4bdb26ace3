"""The sidebar: which ways each person has, which of them is the current one, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from editorial import clock, navigation, tallies
from editorial.models import BoardMember, User
from editorial.navigation import Place
from reviews import desk
from reviews.models import ReviewAssignment
from reviews.models.assignment import ended
from tests.desk import Person

LINK = re.compile(r'<li><a href="([^"]+)" title="([^"]+)"( aria-current="(\w+)")?>')
COUNT = re.compile(r'class="side__label">([^<]+)</span>(?: <span class="side__count[^"]*">([^<]+)</span>)?')


def sidebar(who: str, url: str = "/admin/") -> str:
    page = Person(who).client.get(url).text
    return page.split('class="side__nav"')[1].split("</nav>")[0]


def labels(who: str) -> list[str]:
    return [label for _url, label, *_rest in LINK.findall(sidebar(who))]


def current(who: str, url: str) -> list[tuple[str, str]]:
    return [(label, mark) for _url, label, _all, mark in LINK.findall(sidebar(who, url)) if mark]


def counts(who: str) -> dict[str, str]:
    return {label: count for label, count in COUNT.findall(sidebar(who)) if count}


def test_each_role_has_its_own_ways(people):
    assert labels("claire") == [
        *("Home", "Waiting for you", "By year", "Your signatures"),
        *("Members", "Your membership"),
    ]
    assert labels("nora") == ["Home", "Your articles", "Write an article", "Import a manuscript", "References"]
    of_editors = labels("tom")
    assert of_editors[:6] == [
        *("Home", "Everything open", "Overdue", "Ready to decide", "Needs triage", "Needs a panel")
    ]
    assert {"All articles", "Members", "Invitations", "Metrics", "Policy", "Record"} <= set(of_editors)
    assert "Outbox" not in of_editors
    assert {"Outbox", "Signatures to check"} <= set(labels("ingrid"))


def test_a_person_of_two_roles_has_the_ways_of_both_once(people):
    people["claire"].groups.add(Group.objects.get(name="editor"), Group.objects.get(name="author"))
    found = labels("claire")
    assert {"Waiting for you", "Everything open", "All articles", "Your membership"} <= set(found)
    addresses = [url for url, *_rest in LINK.findall(sidebar("claire"))]
    assert len(addresses) == len(set(addresses))
    assert "Your articles" not in found


@pytest.mark.parametrize("who", ["claire", "nora", "tom", "ingrid"])
def test_every_way_leads_somewhere(people, who):
    client = Person(who).client
    for url, label, *_rest in LINK.findall(sidebar(who)):
        assert client.get(url.replace("&amp;", "&"), follow=True).status_code == 200, label


@pytest.mark.parametrize(
    ("url", "marked"),
    [
        ("/admin/", [("Home", "page")]),
        ("/admin/queue/", [("Everything open", "page")]),
        ("/admin/queue/?view=triage&risk=high", [("Needs triage", "page")]),
        ("/admin/articles/article/", [("All articles", "page")]),
        ("/admin/articles/article/?state=draft", [("All articles", "page")]),
        ("/admin/articles/article/add/", [("Write an article", "page")]),
        ("/admin/articles/reference/", [("References", "page")]),
        ("/admin/board/invite/", [("Members", "true")]),
        ("/admin/board/invitations/", [("Invitations", "page")]),
        ("/admin/metrics/board/", [("Metrics", "true")]),
        ("/admin/mail/", []),
        ("/admin/search/?q=x", []),
    ],
)
def test_the_current_place_is_marked(people, url, marked):
    assert current("tom", url) == marked


def test_further_pages_belong_to_their_place(story):
    round = story.round()
    article = f"/admin/articles/article/{round.article_id}/change/"
    assert current("tom", article) == [("All articles", "true")]
    assert current("nora", article) == [("Your articles", "true")]
    assert current("claire", story.seat(round, "claire").get_absolute_url()) == [("Waiting for you", "true")]
    assert current("claire", "/admin/reviews/mine/2026/") == [("By year", "true")]


def test_the_closest_place_wins():
    places = [
        Place("a", "Some", "/admin/a/", ""),
        Place("a", "One", "/admin/a/b/", ""),
        Place("a", "Q", "/admin/a/?v=1", ""),
    ]

    def at(address: str) -> list[tuple[str, str]]:
        return [(p.label, p.current) for p in navigation.marking(places, address) if p.current]

    assert at("/admin/a/b/c/") == [("One", "true")]
    assert at("/admin/a/x/") == [("Some", "true")]
    assert at("/admin/a/?v=1&w=2") == [("Q", "page")]
    assert at("/admin/a/?v=2") == [("Some", "page")]
    assert at("/elsewhere/") == []
    assert navigation.marking([], "/") == []


def test_what_waits_is_counted(story):
    rounds = [story.round(title=f"Late {n}?") for n in range(2)]
    ReviewAssignment.objects.filter(round=rounds[0]).update(review_on=clock.now().date() - timedelta(days=30))
    ReviewAssignment.objects.filter(round=rounds[1]).update(review_on=clock.now().date() + timedelta(days=30))
    story.submitted(title="Fresh?")
    assert counts("tom") == {"Overdue": "1", "Needs triage": "1"}
    assert counts("claire") == {"Waiting for you": "2"}
    assert counts("nora") == {}


def test_the_sidebar_tells_no_editor_of_verdicts_on_what_they_judge_or_wrote(story):
    story.people["claire"].groups.add(Group.objects.get(name="editor"))
    round = story.round("claire", "ravi")
    story.sign(round, "ravi", "safety_objection", comment="The dose kills.")
    assert counts("tom").get("Objection open") == "1"
    assert "Objection open" not in labels("claire")
    assert "Objection open" not in labels("nora")


def test_reckoning_with_every_zone_says_the_same_as_asking_which_matter(story):
    """A due day is over where its member lives: 13 hours apart there are two todays."""
    now, rows = story.now, ReviewAssignment.objects.filter(round=story.round())
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris"):
        for days in (-2, -1, 0, 1):
            rows.update(time_zone=zone, review_on=now.date() + timedelta(days=days))
            for hours in range(0, 24, 5):
                at = now + timedelta(hours=hours)
                asked, reckoned = ended(at), ended(at, ["Europe/Paris", "Asia/Tokyo", zone])
                assert list(desk.overdue(asked)) == list(desk.overdue(reckoned)), (zone, days, hours)


@pytest.mark.parametrize("who", ["tom", "nora", "both"])
def test_it_costs_one_query_however_much_there_is(story, who):
    if who == "both":
        story.people["claire"].groups.add(Group.objects.get(name="editor"))
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(username="claire" if who == "both" else who)
    BoardMember.objects.update(load_limit=99)
    for upto in (1, 3, 10):
        while Article.objects.count() < upto:
            story.round(title=f"Round {Article.objects.count()}?")
        navigation.sections_for(request, tallies.of_page(request.user))
        with CaptureQueriesContext(connection) as queries:
            navigation.sections_for(request, tallies.of_page(request.user))
        assert len(queries) == 1, queries.captured_queries


def test_a_popup_has_no_sidebar(people):
    page = Person("tom").client.get("/admin/articles/reference/add/?_popup=1").text
    assert 'class="side"' not in page
    assert 'id="desk-search"' not in page
