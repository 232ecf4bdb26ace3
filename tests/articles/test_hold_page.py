"""From the foot of a public page to a hold: one address, one screen, and what it says to whom."""

from urllib.parse import unquote

import pytest
from django.test import Client

from articles import lifecycle, projection
from articles.models import Publication, PublicPage
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from tests.articles.test_ending import ended
from tests.desk import Person

REASON = "The dose in the second section is ten times too high."


def url_of(article) -> str:
    return f"/admin/hold/{article.slug}/"


def take_off(person: str, article, **values):
    return Person(person).fill(url_of(article), **{"reason": REASON, "password": PASSWORD, **values})


def status_of(article) -> str:
    return Publication.objects.get(article=article).status


@pytest.fixture
def article(story):
    return story.published()


def test_the_foot_of_a_page_leads_there_for_every_reader_alike(article, sign_in):
    answers = [client.get(f"/articles/{article.slug}/") for client in (Client(), sign_in("nora"), sign_in("claire"))]
    assert f'href="{url_of(article)}"' in answers[0].text
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)
    assert answers[0]["Cache-Control"] == "public, max-age=60"
    assert [projection.differences(row) for row in Publication.objects.all()] == [[]]
    assert "/admin/hold/" not in PublicPage.objects.get().main_html


@pytest.mark.parametrize("path", ["/", "/policy/", "/nowhere/"])
def test_pages_that_are_no_article_have_no_such_link(article, path):
    assert "/admin/hold/" not in Client().get(path).text


def test_sign_in_leads_back_to_the_page(article, people):
    client = Client()
    first = client.get(url_of(article), follow=True)
    sign_in, _status = first.redirect_chain[-1]
    assert unquote(sign_in) == f"/accounts/login/?next={url_of(article)}"
    answer = client.post(sign_in, {"login": "claire", "password": PASSWORD, "next": url_of(article)})
    assert answer["Location"] == url_of(article)


@pytest.mark.parametrize("person", ["tom", "ingrid", "claire", "ana"])
def test_an_editor_or_a_member_takes_it_off_with_one_form(article, person):
    done = take_off(person, article)
    assert (done.status_code, done["Location"]) == (302, url_of(article))
    assert status_of(article) == "on_hold"


def test_it_says_before_what_will_happen_and_who_will_be_told(article):
    page = Person("claire").client.get(url_of(article)).text
    assert article.title in page
    assert "version 1, on the site" in page
    assert "Readers see at once that the page is temporarily withdrawn" in page
    assert "Told at once, at any hour: Ingrid Solberg." in page
    assert page.count('type="password"') == 1


def test_it_says_afterwards_what_happened_and_how_the_page_comes_back(article):
    take_off("claire", article)
    page = Person("claire").client.get(url_of(article)).text
    assert "Done: Take off the site now." not in page  # said to her first answer alone
    assert "<li>You took it off on " in page
    assert "Told at once, at any hour: Ingrid Solberg." in page
    assert "It comes back when a chief editor puts it back" in page
    assert REASON in page
    assert "Put it back" not in page
    assert f"/admin/articles/article/{article.pk}/verb/lift/" in Person("ingrid").client.get(url_of(article)).text


def test_a_colleague_of_the_board_learns_when_and_an_editor_who_and_why(article):
    take_off("claire", article)
    member, editor = (Person(name).client.get(url_of(article)).text for name in ("ana", "lena"))
    assert "A colleague took it off on " in member
    for hidden in ("Claire Dubois", REASON):
        assert hidden not in member
        assert hidden in editor


@pytest.mark.parametrize("person", ["nora"])
def test_whoever_may_not_is_told_why(article, person):
    client = Person(person).client
    for answer in (client.get(url_of(article)), client.post(url_of(article), {"reason": REASON})):
        assert answer.status_code == 403
        assert "Only an editor or an active board member may take a page off the site." in answer.text
    assert status_of(article) == "live"


def test_without_a_role_nobody_enters(article):
    answer = Person("stranger").client.get(url_of(article), follow=True)
    assert answer.status_code == 403
    assert article.title not in answer.text


def test_a_member_who_left_is_told_why(article, people, now):
    member = people["ana"].board_member
    member.left_on = now.date()
    member.save()
    assert Person("ana").client.get(url_of(article)).status_code == 403


def test_an_address_that_readers_never_had_is_not_there(story, people):
    draft, client = story.draft(), Person("tom").client
    assert [client.get(f"/admin/hold/{slug}/").status_code for slug in (draft.slug, "nothing")] == [404, 404]


def test_a_wrong_password_keeps_the_reason(article):
    answer = take_off("claire", article, password="wrong")
    assert answer.status_code == 403
    assert "That password isn" in answer.text
    assert REASON in answer.text
    assert status_of(article) == "live"


def test_a_missing_reason_is_asked_for(article):
    assert take_off("claire", article, reason="  ").status_code == 422
    assert status_of(article) == "live"


@pytest.mark.parametrize("person", ["tom", "claire"])
def test_the_same_form_sent_twice_acts_once(article, person):
    somebody = Person(person)
    form = {**somebody.fields(url_of(article), having="stamp"), "reason": REASON, "password": PASSWORD}
    assert [somebody.client.post(url_of(article), form).status_code for _click in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(kind="publication.hold").count() == 1


def test_whoever_comes_second_is_told_and_keeps_their_reason(article):
    lena = Person("lena")
    form = {**lena.fields(url_of(article), having="stamp"), "reason": "Another danger.", "password": PASSWORD}
    take_off("tom", article)
    answer = lena.client.post(url_of(article), form)
    assert answer.status_code == 409
    assert "Tom Okafor took it off on " in answer.text
    assert "Another danger." in answer.text
    assert AuditEvent.objects.filter(kind="publication.hold").count() == 1


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("retracted", "Retracted on 2 March 2026 by Ingrid Solberg"),
        ("removed", "Removed on 2 March 2026 by Ingrid Solberg"),
        ("retired", "since 2 March 2026"),
    ],
)
@pytest.mark.parametrize("person", ["tom", "ana"])
def test_what_has_ended_already_says_so(story, article, how, says, person):
    page = Person(person).client.get(url_of(ended(story, article, how)))
    assert page.status_code == 200
    assert says in page.text
    assert 'type="password"' not in page.text


def test_a_page_that_came_back_can_be_taken_off_again(story, article, people):
    proof = story.proof("tom")
    lifecycle.hold(article, actor=people["tom"], now=story.tick(), reason="A doubt.", proof=proof)
    workflow.lift(
        article, actor=people["ingrid"], now=story.tick(), reason="It was unfounded.", proof=story.proof("ingrid")
    )
    assert take_off("claire", article).status_code == 302
    page = Person("tom").client.get(url_of(article)).text
    assert REASON in page
    assert "A doubt." not in page
