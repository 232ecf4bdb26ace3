"""Whom the policy asks for a second factor, from when, and what they can do until they have one. Over HTTP."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import get_resolver

from editorial import clock, enrolment
from editorial.models import AuditEvent, OutboxMessage, User
from editorial.roles import Role
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.enrolled import add_app, add_passkey, code_of, give_app, number

pytestmark = pytest.mark.django_db
HERE = "/accounts/factors/"


@pytest.fixture
def demanded(people, settings):
    """The demand began 15 days ago; the grace is over for everybody who had a role then."""
    settings.SECOND_FACTOR = True
    enrolment.settle(now=clock.now() - timedelta(days=15))


def begun(username: str, days: float) -> None:
    User.objects.filter(username=username).update(factor_demanded_at=clock.now() - timedelta(days=days))


def test_nothing_is_demanded_where_it_is_switched_off(people, settings):
    settings.SECOND_FACTOR = False
    enrolment.settle()
    begun("claire", 100)
    assert Person("claire").client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("days", "left"), [(0.5, 14), (1, 13), (12.9, 2), (13.5, 1)])
def test_during_the_grace_a_banner_says_how_many_days_are_left(days, left, demanded):
    begun("claire", days)
    page = Person("claire").client.get("/admin/")
    assert page.status_code == 200
    words = f"There are {left} days left." if left > 1 else "There is 1 day left."
    assert words in page.text
    assert HERE in page.text


@pytest.mark.parametrize("username", ["claire", "tom", "ingrid"])
def test_after_the_grace_every_page_of_the_desk_leads_to_enrolment(username, demanded):
    person = Person(username)
    for path in ("/admin/", "/admin/queue/", "/admin/mail/", "/admin/articles/article/", "/admin/nowhere/"):
        answer = person.client.get(path)
        assert (answer.status_code, answer.url) == (302, HERE), path
    assert person.client.get(HERE).status_code == 200


def test_an_author_is_asked_for_nothing(demanded):
    page = Person("nora").client.get("/admin/")
    assert page.status_code == 200
    assert "one-time codes" not in page.text


def test_no_page_of_the_desk_forgets_to_ask(demanded):
    person, checked = Person("ingrid"), 0
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "namespace", None) != "admin":
            continue
        for inner in pattern.url_patterns:
            route = str(getattr(inner, "pattern", ""))
            if "<" in route or route in ("login/", "logout/") or route.startswith("^") or "jsi18n" in route:
                continue
            answer = person.client.get(f"/admin/{route}")
            checked += 1
            assert answer.status_code in (301, 302), route
            assert "/admin/" not in answer.url or answer.status_code == 301, route
    assert checked > 30


def test_signing_is_refused_after_the_grace_and_what_was_typed_is_kept(story, settings):
    round = story.round()
    story.declare(round, "claire")
    claire, url = Person("claire"), f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    form = claire.fields(url, having="password")
    settings.SECOND_FACTOR = True
    begun("claire", 15)
    answer = claire.client.post(url, {**form, "verdict": "abstain", "comment": "Mine.", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, HERE)
    add_passkey(claire)
    assert "Mine." in claire.client.get(url).text


def test_whoever_came_from_a_mail_gets_back_to_the_review_after_enrolling(story, demanded):
    round = story.round()
    seat = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    claire = Person("claire")
    assert claire.client.get(f"{seat}?conflict=yes").url == HERE
    add_app(claire)
    assert f'href="{seat}?conflict=yes"' in claire.answer.text
    assert claire.client.get(seat).status_code == 200
    assert "Go on to where" not in claire.client.get(HERE).text


def test_signing_out_works_after_the_grace(demanded):
    person = Person("claire")
    person.client.post("/admin/logout/")
    assert person.client.get("/admin/").url.startswith("/admin/login/")


def test_the_grace_begins_with_the_role(demanded, people):
    nora = User.objects.get(username="nora")
    assert nora.factor_demanded_at is None
    nora.groups.add(Group.objects.get(name=Role.EDITOR))
    nora.refresh_from_db()
    assert clock.now() - nora.factor_demanded_at < timedelta(minutes=1)
    assert "There are 14 days left." in Person("nora").client.get("/admin/").text
    nora.groups.remove(Group.objects.get(name=Role.EDITOR))
    nora.refresh_from_db()
    assert nora.factor_demanded_at is None


def test_another_role_gives_no_new_grace(demanded, people):
    before = User.objects.get(username="tom").factor_demanded_at
    people["tom"].groups.add(Group.objects.get(name=Role.CHIEF))
    assert User.objects.get(username="tom").factor_demanded_at == before


def test_the_demand_begins_when_it_is_switched_on_and_is_forgotten_when_off(people, settings):
    settings.SECOND_FACTOR = True
    enrolment.settle()
    assert "There are 14 days left." in Person("claire").client.get("/admin/").text
    settings.SECOND_FACTOR = False
    call_command("setup_roles", verbosity=0)
    assert not User.objects.exclude(factor_demanded_at=None).exists()


RESET = "/admin/people/{}/reset/"


def test_a_chief_resets_what_another_person_lost(people):
    give_app(people["claire"])
    ingrid, claire = Person("ingrid"), people["claire"]
    url = RESET.format(claire.pk)
    assert url in ingrid.client.get(f"/admin/editorial/user/{claire.pk}/change/").text
    assert ingrid.fill(url, reason="She rang, and I know her voice.", password=PASSWORD).status_code == 302
    assert not enrolment.factors.held_by(claire)
    assert AuditEvent.objects.filter(kind="factor.reset", subject=claire.subject).count() == 1
    assert OutboxMessage.objects.filter(recipient=claire, kind="factors").count() == 1


@pytest.mark.parametrize("wrong", [{"password": "wrong wrong wrong"}, {"password": ""}, {"reason": "  "}])
def test_a_reset_needs_a_reason_and_fresh_proof(wrong, people):
    give_app(people["claire"])
    answer = Person("ingrid").fill(
        RESET.format(people["claire"].pk), **{"reason": "She rang.", "password": PASSWORD, **wrong}
    )
    assert answer.status_code in (403, 422)
    assert enrolment.factors.held_by(people["claire"])


@pytest.mark.parametrize(
    ("who", "whose", "status"), [("tom", "claire", 404), ("claire", "ravi", 404), ("ingrid", "ingrid", 403)]
)
def test_nobody_else_resets_and_nobody_their_own(who, whose, status, people):
    """With all that proves who asks."""
    person, secret = Person(who), give_app(people[whose])
    proof = {"password": PASSWORD, "one_time_code": code_of(secret)}
    form = {"stamp": people[whose].stamp, "request_id": number(), "reason": "x", **proof}
    assert person.client.post(RESET.format(people[whose].pk), form).status_code == status
    assert enrolment.factors.held_by(people[whose])


def test_the_command_line_resets_for_the_only_chief(people, capsys):
    give_app(people["ingrid"])
    call_command("reset_factors", "ingrid", reason="Seen in person.")
    assert not enrolment.factors.held_by(people["ingrid"])
    event = AuditEvent.objects.get(kind="factor.reset")
    assert "Seen in person." in event.body
    for username in ("ingrid", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_factors", username, reason="x")
