"""A member's own page: what they say about themselves, in words where it can't be, and acting once."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import clock, membership
from editorial.conditions import Refused
from editorial.models import Absence, AuditEvent, BoardMember, Credential, Interest, User
from reviews import workflow
from tests.desk import Person

PAGE = "/admin/membership/"


@pytest.fixture
def claire(people) -> BoardMember:
    return people["claire"].board_member


@pytest.fixture
def today(claire) -> date:
    return clock.day_in(claire.user.zone, clock.now())


def url(claire: BoardMember, verb: str) -> str:
    return f"/admin/board/{claire.pk}/own_{verb}/"


def kinds(claire: BoardMember) -> list[str]:
    return list(AuditEvent.objects.filter(subject=claire.subject).values_list("kind", flat=True))


def test_the_page_shows_what_is_known_of_a_member(claire):
    page = Person("claire").client.get(PAGE).text
    for words in ("Cardiology", "DUB-", "National Medical Register", "Hôpital Saint-Roch", "As the policy says."):
        assert words in page
    assert "An interest counts for 36 months after it ended." in page
    assert f'href="{PAGE}"' in Person("claire").client.get("/admin/").text


@pytest.mark.parametrize("who", ["tom", "nora", "ingrid"])
def test_whoever_is_not_on_the_board_has_no_such_page(people, who):
    person = Person(who)
    assert person.client.get(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in person.client.get("/admin/").text


def test_a_member_who_left_has_no_such_page_and_says_nothing_more(people, claire, today):
    workflow.leave_board(claire, actor=claire.user)
    with pytest.raises(Refused, match="not on the board"):
        membership.set_load_limit(claire, actor=claire.user, load_limit=1)
    assert Person("claire").client.get(PAGE).status_code != 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expires_on": timedelta(days=-1)}, "You can&#x27;t sign with it"),
        ({"expires_on": timedelta(days=membership.WARN_DAYS)}, "expires soon"),
        ({"expires_on": timedelta(days=membership.WARN_DAYS + 1)}, ">valid<"),
        ({"verified_on": None}, "not verified yet"),
    ],
)
def test_the_page_warns_of_a_credential_in_time(claire, today, change, said):
    values = {name: today + value if isinstance(value, timedelta) else value for name, value in change.items()}
    Credential.objects.filter(member=claire).update(**values)
    person = Person("claire")
    assert said in person.client.get(PAGE).text
    assert "Your membership" in person.client.get("/admin/").text


def test_a_member_enters_an_absence_with_a_cover(people, claire, today):
    ravi = people["ravi"].board_member
    sent = Person("claire").fill(
        url(claire, "absence"), first_day=today + timedelta(3), last_day=today + timedelta(9), cover=ravi.pk
    )
    assert (sent.status_code, sent.url) == (302, PAGE)
    absence = Absence.objects.get()
    assert (absence.member, absence.cover) == (claire, ravi)
    assert "Ravi Menon covers" in Person("claire").client.get(PAGE).text
    assert kinds(claire) == ["member.absence_added"]


def test_an_absence_sent_twice_is_entered_once(claire, today):
    person = Person("claire")
    form = {**person.fields(url(claire, "absence"), having="first_day"), "first_day": today, "last_day": today}
    assert [person.client.post(url(claire, "absence"), form).status_code for _n in range(2)] == [302, 302]
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (5, 2, "lies before the first"),
        (-9, -1, "over already"),
        (0, 400, "a year at most"),
        (12, 20, "overlaps the absence from"),
        (2, 10, "overlaps the absence from"),
        (11, 12, "overlaps the absence from"),
        (20, 30, "overlaps the absence from"),
        (1, 40, "overlaps the absence from"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(claire, today, first, last, said):
    Absence.objects.create(member=claire, first_day=today + timedelta(10), last_day=today + timedelta(20))
    page = Person("claire").fill(
        url(claire, "absence"), first_day=today + timedelta(first), last_day=today + timedelta(last)
    )
    assert page.status_code == 403
    assert said in page.text
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(("first", "last"), [(1, 9), (21, 30)])
def test_days_next_to_another_absence_are_fine(claire, today, first, last):
    Absence.objects.create(member=claire, first_day=today + timedelta(10), last_day=today + timedelta(20))
    membership.add_absence(
        claire, actor=claire.user, first_day=today + timedelta(first), last_day=today + timedelta(last)
    )
    assert Absence.objects.count() == 2


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "0000-00-00", "99999-01-01", "\x00"])
def test_what_is_no_day_is_refused(claire, day):
    page = Person("claire").fill(url(claire, "absence"), first_day=day, last_day=day)
    assert page.status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize("cover", ["nobody", "-1", "9" * 40, "0"])
def test_a_cover_who_is_none_is_refused(claire, today, cover):
    page = Person("claire").fill(url(claire, "absence"), first_day=today, last_day=today, cover=cover)
    assert page.status_code == 422
    assert not Absence.objects.exists()


def test_nobody_covers_for_themselves_or_after_leaving(people, claire, today):
    days = {"first_day": today, "last_day": today}
    with pytest.raises(Refused, match="another member who serves"):
        membership.add_absence(claire, actor=claire.user, cover=claire, **days)
    ravi = people["ravi"].board_member
    workflow.leave_board(ravi, actor=ravi.user)
    with pytest.raises(Refused, match="another member who serves"):
        membership.add_absence(claire, actor=claire.user, cover=ravi, **days)
    page = Person("claire").fill(url(claire, "absence"), cover=ravi.pk, **days)
    assert page.status_code == 422


def test_the_admins_own_form_holds_to_the_same_days(claire, today):
    Absence.objects.create(member=claire, first_day=today, last_day=today)
    with pytest.raises(ValidationError, match="overlaps"):
        Absence(member=claire, first_day=today, last_day=today).full_clean()
    with pytest.raises(ValidationError, match="Nobody covers for themselves"):
        Absence(member=claire, first_day=today, last_day=today, cover=claire).full_clean()


@pytest.mark.parametrize(("starts", "left"), [(-3, [-1]), (0, []), (4, [])])
def test_an_absence_ends_early(claire, today, starts, left):
    row = Absence.objects.create(member=claire, first_day=today + timedelta(starts), last_day=today + timedelta(9))
    person = Person("claire")
    assert person.fill(f"/admin/membership/absence/{row.pk}/end/").status_code == 302
    assert [(absence.last_day - today).days for absence in Absence.objects.all()] == left
    assert kinds(claire) == ["member.absence_ended"]
    with pytest.raises(Refused, match="ended already"):
        membership.end_absence(claire, actor=claire.user, absence=row)


@pytest.mark.parametrize("limit", ["0", "1", "12", ""])
def test_a_member_sets_their_own_load_limit(claire, limit):
    assert Person("claire").fill(url(claire, "load_limit"), load_limit=limit).status_code == 302
    assert BoardMember.objects.get(pk=claire.pk).load_limit == (int(limit) if limit else None)


@pytest.mark.parametrize("limit", ["-1", "100", "three", "1e3", "٣x", "9" * 5000])
def test_a_limit_that_is_none_is_refused(claire, limit):
    assert Person("claire").fill(url(claire, "load_limit"), load_limit=limit).status_code == 422
    assert BoardMember.objects.get(pk=claire.pk).load_limit is None


def test_the_form_shows_what_stands(claire):
    membership.set_load_limit(claire, actor=claire.user, load_limit=4)
    person = Person("claire")
    assert person.fields(url(claire, "load_limit"), having="load_limit")["load_limit"] == "4"
    assert person.fields(url(claire, "profile"), having="biography")["affiliation"] == "Hôpital Saint-Roch"


def test_affiliation_and_biography_change_and_a_stale_page_is_refused(claire):
    person = Person("claire")
    stale = person.fields(url(claire, "profile"), having="biography")
    assert person.fill(url(claire, "profile"), affiliation="CHU Lyon", biography="Lipids.").status_code == 302
    stored = BoardMember.objects.get(pk=claire.pk)
    assert (stored.affiliation, stored.biography) == ("CHU Lyon", "Lipids.")
    assert stored.history.first().history_user == claire.user
    late = person.client.post(url(claire, "profile"), {**stale, "affiliation": "Elsewhere"})
    assert late.status_code == 409
    assert "Elsewhere" in late.text
    assert BoardMember.objects.get(pk=claire.pk).affiliation == "CHU Lyon"
    assert "CHU Lyon" not in AuditEvent.objects.get(kind="member.described").body


@pytest.mark.parametrize("text", ["x" * 5001, "a" + "\u0301" * 40])
def test_a_biography_that_cannot_stand_is_refused(claire, text):
    assert Person("claire").fill(url(claire, "profile"), biography=text).status_code == 422


def test_a_member_declares_an_interest_which_bars_them_from_signing(story, people, claire, today):
    round = story.round(products="Entresto")
    story.declare(round, "claire")
    sent = Person("claire").fill(
        url(claire, "interest"), product="entresto", nature="Speaker's fees", since=today - timedelta(30)
    )
    assert sent.status_code == 302
    assert kinds(claire) == ["member.interest_declared"]
    story.now = clock.now()
    with pytest.raises(Refused, match="declared an interest in Entresto"):
        story.sign(round, "claire")


def test_an_interest_in_a_person_is_matched_too(people, claire, today):
    sent = Person("claire").fill(url(claire, "interest"), person=people["nora"].pk, nature="Sister", since=today)
    assert sent.status_code == 302
    assert Interest.objects.get(member=claire).person == people["nora"]


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({}, 403, "Name the company"),
        ({"company": "   "}, 403, "Name the company"),
        ({"company": "Acme", "nature": ""}, 422, "required"),
        ({"company": "Acme", "since": "never"}, 422, "valid date"),
        ({"company": "Acme", "since": "2099-01-01"}, 403, "not ahead"),
        ({"company": "Acme", "until": "1999-01-01"}, 403, "before the first"),
        ({"company": "A" * 300}, 422, "at most 200"),
        ({"person": "99999999"}, 422, "Select a valid choice"),
        ({"person": "x"}, 422, "Select a valid choice"),
    ],
)
def test_an_interest_that_says_nothing_is_refused_in_words(claire, values, status, said):
    page = Person("claire").fill(url(claire, "interest"), **{"nature": "Fees", "since": "2025-01-01", **values})
    assert page.status_code == status
    assert said in page.text
    assert not Interest.objects.filter(member=claire).exists()


def test_an_interest_ends_and_stays(people, today):
    otto = people["otto"].board_member
    interest = otto.interests.get()
    person = Person("otto")
    page = f"/admin/membership/interest/{interest.pk}/end/"
    assert person.fill(page, until=today).status_code == 302
    assert Interest.objects.get(pk=interest.pk).until == today
    with pytest.raises(Refused, match="has an end already"):
        membership.end_interest(otto, actor=otto.user, interest=interest, until=today)


@pytest.mark.parametrize(("days", "said"), [(1, "lies ahead"), (-9999, "before the first")])
def test_an_interest_ends_on_a_day_that_can_be(people, today, days, said):
    otto = people["otto"].board_member
    page = Person("otto").fill(
        f"/admin/membership/interest/{otto.interests.get().pk}/end/", until=today + timedelta(days)
    )
    assert page.status_code == 403
    assert said in page.text


def test_one_members_rows_are_not_there_for_another(people, claire, today):
    absence = Absence.objects.create(member=claire, first_day=today, last_day=today)
    interest = people["otto"].board_member.interests.get()
    ravi = Person("ravi")
    assert ravi.client.get(f"/admin/membership/absence/{absence.pk}/end/").status_code == 404
    assert ravi.client.get(f"/admin/membership/interest/{interest.pk}/end/").status_code == 404
    assert ravi.client.get("/admin/membership/credential/1/end/").status_code == 404
    assert ravi.client.get(f"/admin/membership/absence/{'9' * 30}/end/").status_code == 404
    assert ravi.client.get(f"/admin/board/{'9' * 30}/own_profile/").status_code == 404
    for verb in ("absence", "load_limit", "interest", "profile", "leave", "nothing"):
        for who in ("ravi", "tom", "ingrid"):
            assert Person(who).client.get(url(claire, verb)).status_code == 404
    ravi_actor = people["ravi"]
    with pytest.raises(Refused):
        membership.end_absence(claire, actor=ravi_actor, absence=absence)
    with pytest.raises(Refused, match="ended already"):
        membership.end_absence(people["ravi"].board_member, actor=ravi_actor, absence=absence)


def test_the_page_costs_the_same_however_much_it_shows(people, claire, today):
    person, counts = Person("claire"), []
    for upto in (1, 3, 30):
        for n in range(Absence.objects.count(), upto):
            day = today + timedelta(days=n)
            Absence.objects.create(member=claire, first_day=day, last_day=day, cover=people["ravi"].board_member)
            Interest.objects.create(member=claire, person=people["nora"], nature="Sister", since=today)
        with CaptureQueriesContext(connection) as queries:
            assert person.client.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_a_form_number_that_is_none_is_refused(claire):
    person = Person("claire")
    form = {**person.fields(url(claire, "load_limit"), having="load_limit"), "request_id": "x"}
    assert person.client.post(url(claire, "load_limit"), form).status_code == 422
    assert uuid.UUID(person.fields(url(claire, "load_limit"), having="load_limit")["request_id"])


def test_whoever_is_disabled_says_nothing_more(claire):
    User.objects.filter(pk=claire.user_id).update(is_active=False)
    with pytest.raises(Refused, match="not on the board"):
        membership.set_load_limit(claire, actor=claire.user, load_limit=1)
