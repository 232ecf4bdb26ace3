"""The advisory board and its members as readers get them, on the day on which they ask."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import lifecycle
from articles.models import PublicMember
from articles.reader import people as shown_people
from editorial.models import Credential, Interest
from reviews import workflow
from tests.many import copied

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def read(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.text.replace("&#x27;", "'")


def section(html: str, heading: str) -> str:
    """What stands under a heading until the next one."""
    return html.split(f">{heading}</h2>")[1].split("<h2")[0]


@pytest.mark.sqlite
def test_the_board_lists_who_serves_by_specialty_in_the_order_of_names(people):
    html = read("/board/")
    names = ["Samuel Adeyemi", "Otto Lang", "Kenji Mori", "Ana Ruiz"]
    inside = section(html, "Orthopaedics")
    assert sorted(names, key=inside.index) == names
    assert 'Ana Ruiz</a><span class="person__letters">, MD, PhD' in inside
    assert "Hospital del Mar" in inside


def test_a_member_whose_credential_ran_out_is_listed_apart_and_without_letters(people):
    inside = section(read("/board/"), "Credential being renewed")
    assert "Mina Haddad</a></p>" in inside
    assert "MD" not in inside
    assert "Credential being renewed" in read("/board/mina-haddad/")


def test_what_expires_at_midnight_is_gone_at_midnight_without_a_row_being_saved(people, now):
    credential = Credential.objects.get(member__user=people["claire"])
    row = PublicMember.objects.get(uuid=people["claire"].uuid)
    last = shown_people.shown(row, credential.expires_on)
    after = shown_people.shown(row, credential.expires_on + DAY)
    assert (last["letters"], last["specialties"]) == ("MD", ["Cardiology"])
    assert (after["letters"], after["specialties"]) == ("", [])


def test_a_member_serves_from_the_first_day_until_the_day_before_they_left(people, now):
    row = PublicMember.objects.get(uuid=people["claire"].uuid)
    row.serves_from, row.serves_until = now.date(), now.date() + 2 * DAY
    days = [now.date() + number * DAY for number in (-1, 0, 1, 2)]
    assert [shown_people.is_serving(row, day) for day in days] == [False, True, True, False]


def test_an_interest_is_shown_for_three_years_after_it_ended(people, now):
    claire = people["claire"].board_member
    since, until = now.date() - 2000 * DAY, now.date()
    Interest.objects.create(member=claire, company="Cardex", nature="Shares", since=since, until=until)
    row = PublicMember.objects.get(uuid=people["claire"].uuid)
    shown = [bool(shown_people.shown(row, until + days * DAY)["interests"]) for days in (0, 1000, 1100)]
    assert shown == [True, True, False]


def test_a_member_has_a_page_with_credentials_interests_and_what_they_signed(story, people):
    article = story.published()
    Interest.objects.create(
        member=people["claire"].board_member, company="Cardex", nature="Speaker's fees", since=story.now.date()
    )
    html = read("/board/claire-dubois/")
    for words in ("Claire Dubois", "Hôpital Saint-Roch", "Cardiology", "Cardex: Speaker's fees"):
        assert words in html
    assert f'<a href="/articles/{article.slug}/">{article.title}</a>' in html
    assert "A signature means that they declared their interests, read exactly the text" in html


def test_names_in_the_article_lead_to_the_members_pages(story):
    html = read(f"/articles/{story.published().slug}/")
    line, signed = html.split('id="people"')
    assert '<a href="/board/claire-dubois/"><strong>Claire Dubois, MD</strong></a>' in line
    assert '<a href="#people">and 1 other</a>' in line
    assert '<a href="/board/claire-dubois/">Claire Dubois, MD</a>' in signed
    assert '<a href="/board/ravi-menon/">Ravi Menon, MD, DM</a>' in signed
    assert '<a href="/topics/hypertension/">Hypertension</a>' in line
    assert '<a href="/policy/v/1/">editorial policy, version 1</a>' in signed


def test_what_is_off_the_site_is_on_no_members_page(story, people):
    article = story.published()
    story.tick()
    lifecycle.hold(article, actor=people["lena"], now=story.now, reason="A dose.", proof=story.proof("lena"))
    html = read("/board/claire-dubois/")
    assert article.title not in html
    assert article.slug not in html
    assert "None of the articles that are on the site now" in html


def test_whoever_left_keeps_a_page_that_says_so_while_readers_have_what_they_signed(story, people):
    article = story.published()
    workflow.leave_board(people["claire"].board_member, actor=people["claire"], reason="Enough.")
    assert "Claire Dubois" not in read("/board/")
    html = read("/board/claire-dubois/")
    assert "Not on the board any more" in html
    assert "Left the board on" in html
    assert article.title in html
    assert "<dt>Credentials</dt>" not in html
    lifecycle.hold(article, actor=people["lena"], now=story.tick(), reason="A dose.", proof=story.proof("lena"))
    assert Client().get("/board/claire-dubois/").content == Client().get("/board/nobody/").content


def test_a_page_of_somebody_struck_off_says_so(story, people):
    story.published()
    member = people["claire"].board_member
    workflow.strike_off(member, actor=people["ingrid"], reason="Lost the licence.")
    html = read("/board/claire-dubois/")
    assert "The board ended this membership on" in html
    assert "Lost the licence" not in html


def test_who_was_asked_and_has_not_joined_is_on_no_page(people, sign_in):
    people["eva"].groups.clear()
    assert "Eva Novak" not in read("/board/")
    assert Client().get("/board/eva-novak/").status_code == 404


def test_the_board_and_a_member_cost_the_same_for_one_three_and_thirty(story, people):
    story.published()
    row = PublicMember.objects.get(uuid=people["claire"].uuid)
    costs = []
    for count in (0, 3, 30):
        copied([row] * count, lambda n, _row, c=count: {"uuid": _uuid(c, n), "slug": f"copy-{c}-{n}"})
        with CaptureQueriesContext(connection) as queries:
            read("/board/")
            read("/board/claire-dubois/")
        costs.append(len(queries))
    assert costs == [3, 3, 3]


def _uuid(count: int, number: int) -> str:
    return f"00000000-0000-4000-8000-{count:06}{number:06}"
