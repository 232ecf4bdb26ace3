"""“Your mail”: hours, days away and the calendar's address, as a person sets them over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import calendar_address, clock, erasure, habits, mailing, outbox
from editorial.conditions import Refused
from editorial.models import Absence, AuditEvent, Leave, MailPreferences, OutboxMessage, User
from tests.desk import Person

PAGE = "/admin/mail/"
CHANGE = f"{PAGE}preferences/"
LEAVE = f"{PAGE}leave/"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def kinds(user: User) -> list[str]:
    return list(AuditEvent.objects.filter(subject=user.subject).values_list("kind", flat=True))


def away(user: User, deputy: User | None = None) -> None:
    Leave.objects.create(user=user, first_day=NOW.date(), last_day=NOW.date(), deputy=deputy)


@pytest.mark.parametrize("who", ["nora", "tom", "ingrid", "claire"])
def test_everybody_at_the_desk_has_the_page_in_their_menu(people, who):
    person = Person(who)
    assert f'href="{PAGE}"' in person.client.get("/admin/").text
    page = person.client.get(PAGE)
    assert page.status_code == 200
    assert "What can't be switched off" in page.text
    assert "Your next daily mail leaves on" in page.text


@pytest.mark.parametrize(
    ("who", "leave", "absence"), [("nora", False, False), ("tom", True, False), ("claire", False, True)]
)
def test_editors_enter_leave_and_members_an_absence(people, who, leave, absence):
    page = Person(who).client.get(PAGE).text
    assert (f'href="{LEAVE}"' in page) is leave
    assert ("own_absence" in page) is absence
    assert ("/calendar/" in page) is absence


def test_without_sign_in_the_page_asks_for_it(people, client):
    for path in (PAGE, CHANGE, LEAVE):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/login/" in answer.url


def test_looking_twice_changes_nothing(people):
    person = Person("tom")
    before = [model.objects.count() for model in (MailPreferences, Leave, AuditEvent, OutboxMessage)]
    for _twice in range(2):
        for path in (PAGE, CHANGE, LEAVE, f"{PAGE}calendar/"):
            assert person.client.get(path).status_code == 200
    assert [model.objects.count() for model in (MailPreferences, Leave, AuditEvent, OutboxMessage)] == before


def test_a_person_chooses_hours_summary_and_zone(people):
    tom = people["tom"]
    sent = Person("tom").fill(CHANGE, hour=10, quiet_from=22, quiet_until=6, weekly=None, time_zone="Asia/Tokyo")
    assert sent.status_code == 302, sent.text
    chosen = MailPreferences.objects.get(user=tom)
    assert (chosen.hour, chosen.quiet_from, chosen.quiet_until, chosen.weekly) == (10, 22, 6, False)
    assert fresh(tom).time_zone == "Asia/Tokyo"
    assert kinds(tom).count("mail.preferences_changed") == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"time_zone": "Europe/Atlantis"}, "isn&#x27;t a time zone"),
        ({"time_zone": ""}, "This field is required"),
        ({"hour": 21}, "This hour lies in your quiet hours"),
        ({"hour": 24}, "24 is not one of the available choices"),
        ({"weekly_day": 9}, "9 is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_in_words(people, values, said):
    sent = Person("tom").fill(CHANGE, **values)
    assert sent.status_code == 422
    assert said in sent.text
    assert not MailPreferences.objects.exists()


def test_the_verb_refuses_what_the_form_does(people):
    with pytest.raises(Refused, match="isn't a time zone"):
        habits.change_preferences(people["tom"], actor=people["tom"], time_zone="Mars/Base")
    with pytest.raises(Refused, match="quiet hours"):
        habits.change_preferences(people["tom"], actor=people["tom"], time_zone="UTC", hour=23)
    with pytest.raises(Refused, match="their own mail"):
        habits.change_preferences(people["tom"], actor=people["ingrid"], time_zone="UTC", hour=9)


def test_a_form_that_was_overtaken_is_sent_back(people):
    person = Person("tom")
    seen = person.fields(CHANGE, having="stamp")
    assert person.fill(CHANGE, hour=9).status_code == 302
    late = person.client.post(CHANGE, {**{k: v for k, v in seen.items() if v is not None}, "hour": 11})
    assert late.status_code == 409
    assert MailPreferences.objects.get().hour == 9


def test_the_same_form_sent_twice_acts_once(people):
    person = Person("tom")
    data = {**person.fields(CHANGE, having="stamp"), "hour": 9}
    assert [person.client.post(CHANGE, data).status_code for _ in range(2)] == [302, 302]
    assert kinds(people["tom"]).count("mail.preferences_changed") == 1


def waiting(user: User, **values) -> OutboxMessage:
    message = outbox.write("news", user, now=NOW, text="News", path="/admin/", urgency="daily")
    OutboxMessage.objects.filter(pk=message.pk).update(**values)
    return OutboxMessage.objects.get(pk=message.pk)


def test_what_waits_moves_to_the_hour_chosen_now_and_a_sealed_mail_stays(people):
    tom = people["tom"]
    User.objects.filter(pk=tom.pk).update(time_zone="UTC")
    tom = fresh(tom)
    loose = waiting(tom)
    sealed = waiting(tom, mail_id=loose.uuid, digest_key="another day")
    sent = waiting(tom, status=OutboxMessage.Status.SENT)
    habits.change_preferences(tom, actor=tom, now=NOW, time_zone="Asia/Tokyo", hour=19)
    moved = OutboxMessage.objects.get(pk=loose.pk)
    assert moved.not_before == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert moved.digest_key == f"{tom.uuid}:2026-03-02"
    for row in (sealed, sent):
        assert OutboxMessage.objects.get(pk=row.pk).not_before == row.not_before


def test_a_day_that_had_its_mail_gets_no_second_one(people):
    tom = people["tom"]
    User.objects.filter(pk=tom.pk).update(time_zone="UTC")
    tom = fresh(tom)
    loose = waiting(tom)
    waiting(tom, mail_id=loose.uuid, status=OutboxMessage.Status.SENT, digest_key=f"{tom.uuid}:2026-03-02")
    habits.change_preferences(tom, actor=tom, now=NOW, time_zone="UTC", hour=12)
    assert OutboxMessage.objects.get(pk=loose.pk).not_before == datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def test_a_mail_that_was_never_sent_leaves_the_day_its_mail(people):
    """What the page promises is what the sender does: an item that was skipped at its hour uses no day up."""
    tom = people["tom"]
    User.objects.filter(pk=tom.pk).update(time_zone="UTC")
    tom, key = fresh(tom), f"{people['tom'].uuid}:2026-03-02"
    loose = waiting(tom)
    waiting(tom, mail_id=loose.uuid, status=OutboxMessage.Status.SKIPPED, digest_key=key)
    habits.change_preferences(tom, actor=tom, now=NOW, time_zone="UTC", hour=12)
    assert OutboxMessage.objects.get(pk=loose.pk).not_before == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_what_is_due_already_is_not_put_off(people):
    tom = people["tom"]
    due = waiting(tom, not_before=NOW - timedelta(minutes=1))
    habits.change_preferences(tom, actor=tom, now=NOW, time_zone="Asia/Tokyo", hour=18)
    assert OutboxMessage.objects.get(pk=due.pk).not_before == due.not_before


def test_a_member_enters_an_absence_through_the_link_on_the_page(people):
    claire = people["claire"].board_member
    today = clock.day_in(claire.user.zone, clock.now())
    sent = Person("claire").fill(f"/admin/board/{claire.pk}/own_absence/", first_day=today, last_day=today)
    assert sent.status_code == 302
    assert Absence.objects.filter(member=claire).count() == 1
    assert "nobody covers" in Person("claire").client.get(PAGE).text


def test_a_new_calendar_address_kills_the_old_one(people, client):
    old = calendar_address.token(people["claire"])
    assert client.get(f"/calendar/{old}.ics").status_code == 200
    assert Person("claire").fill(f"{PAGE}calendar/").status_code == 302
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{calendar_address.token(people['claire'])}.ics").status_code == 200
    assert "calendar.address_renewed" in kinds(people["claire"])


def test_the_page_costs_the_same_with_many_leaves(people):
    person, costs = Person("tom"), []
    today = clock.day_in(people["tom"].zone, clock.now())
    for number in (1, 3, 30):
        Leave.objects.all().delete()
        for step in range(number):
            day = today + timedelta(days=step)
            Leave.objects.create(user=people["tom"], first_day=day, last_day=day, deputy=people["ingrid"])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            person.client.get(PAGE)
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_the_shown_hour_is_the_persons_own(people):
    MailPreferences.objects.create(user=people["tom"], hour=9)
    User.objects.filter(pk=people["tom"].pk).update(time_zone="Pacific/Kiritimati")
    page = Person("tom").client.get(PAGE).text
    assert "at 09:00 (Pacific/Kiritimati)" in page
    assert mailing.of(fresh(people["tom"])).chosen.hour == 9


def test_an_erased_person_leaves_no_habits_and_a_dead_calendar(people, client):
    lena = people["lena"]
    MailPreferences.objects.create(user=lena, hour=9)
    away(lena, people["tom"])
    away(people["tom"], lena)
    link = f"/calendar/{calendar_address.token(lena)}.ics"
    assert client.get(link).status_code == 200
    erasure.erase(lena, actor=User.system(), reason="Asked for.")
    assert client.get(link).status_code == 404
    assert not MailPreferences.objects.exists()
    assert list(Leave.objects.values_list("user", "deputy")) == [(people["tom"].pk, None)]
