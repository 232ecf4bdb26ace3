"""A member who is struck off: who does it, who is told, and what waits for a chief editor."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import clock
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, OutboxMessage, User
from editorial.roles import Role, is_board
from reviews import standing, workflow
from reviews.models import Signature, SignatureVoided
from reviews.states import AssignmentState
from tests.desk import Person
from tests.faults import racing
from tests.reviews.test_board import fresh, seat_of, strike


def test_a_chief_strikes_a_member_off_at_once(story, claire, people):
    round = story.round()
    theirs = Person("claire")
    url = f"/admin/reviews/{seat_of(round, 'claire').pk}/"
    assert theirs.client.get(url).status_code == 200
    ingrid = Person("ingrid")
    struck = ingrid.fill(f"/admin/board/{claire.pk}/strike_off/", reason="Licence revoked.")
    assert struck.status_code == 302
    claire = fresh(claire)
    assert claire.struck_off_at is not None
    assert claire.left_on is not None
    assert claire.departure.text == "Licence revoked."
    assert not is_board(User.objects.get(pk=claire.user_id))
    assert seat_of(round, "claire").state == AssignmentState.RELEASED
    assert theirs.client.get(url).status_code != 200  # the session that is open opens nothing any more
    assert theirs.client.get("/admin/membership/").status_code != 200
    event = AuditEvent.objects.get(kind="member.struck_off")
    assert "revoked" not in event.body
    assert racing.problems() == []


def test_the_reason_is_told_to_nobody(claire, people):
    strike(claire, people)
    texts = str(list(OutboxMessage.objects.values_list("payload", flat=True)))
    assert "Licence revoked" not in texts
    assert OutboxMessage.objects.filter(recipient=claire.user, payload__text__icontains="has ended").exists()


@pytest.mark.parametrize("who", ["tom", "ravi", "nora", "claire"])
def test_only_a_chief_strikes_off(claire, people, who):
    with pytest.raises(Refused):
        workflow.strike_off(claire, actor=people[who], reason="No.")
    person = Person(who)
    assert person.client.get(f"/admin/board/{claire.pk}/strike_off/").status_code == 404
    assert person.client.get("/admin/struck-off/").status_code == 404


def test_nobody_strikes_themselves_off(people, claire):
    claire.user.groups.add(Group.objects.get(name=Role.CHIEF))
    with pytest.raises(Refused, match="strikes themselves"):
        workflow.strike_off(claire, actor=claire.user, reason="Me.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_striking_off_needs_a_reason(claire, people, reason):
    with pytest.raises(Refused, match="reason"):
        strike(claire, people, reason=reason)
    assert Person("ingrid").fill(f"/admin/board/{claire.pk}/strike_off/", reason=reason).status_code == 422
    assert fresh(claire).struck_off_at is None


def test_whoever_left_may_be_struck_off_afterwards_but_not_twice(claire, people):
    workflow.leave_board(claire, actor=claire.user, reason="Tired.")
    day = clock.now().date() - timedelta(days=3)
    BoardMember.objects.filter(pk=claire.pk).update(left_on=day)
    strike(fresh(claire), people)
    assert fresh(claire).left_on == day
    with pytest.raises(Refused, match="already"):
        strike(fresh(claire), people)
    assert racing.problems() == []


def test_someone_struck_off_between_opening_the_page_and_signing_is_refused_and_nothing_is_recorded(story, people):
    round = story.round()
    story.declare(round, "claire")
    page = Person("claire")
    url = f"/admin/reviews/{seat_of(round, 'claire').pk}/"
    form = page.fields(url, having="password")
    strike(people["claire"].board_member, people)
    refused = page.client.post(url, {**form, "verdict": "approve", "password": "correct horse battery", "sign": "1"})
    assert refused.status_code in (302, 403, 404)
    assert not Signature.objects.exists()


def test_what_a_struck_off_member_signed_waits_for_the_chief(story, claire, people):
    published = story.published(title="Is it live?")
    running = story.round(title="Is it running?")
    story.sign(running, "claire")
    withdrawn = story.round(title="Was it withdrawn?")
    story.sign(withdrawn, "claire")
    workflow.withdraw(withdrawn.article, actor=people["tom"], now=story.tick(), reason="Wrong.")
    assert list(board_page_titles()) == []
    strike(claire, people)
    assert board_page_titles() == [published.title, running.article.title]
    page = Person("ingrid").client.get("/admin/struck-off/").text
    assert "version 1" in page
    assert "under review" in page
    assert "Claire Dubois" in page


def board_page_titles() -> list[str]:
    return [signature.round.article.title for signature in standing.to_check()]


def test_a_withdrawn_signature_waits_no_more(story, claire, people):
    story.published()
    strike(claire, people)
    signature = Signature.objects.get(signer=claire.user)
    SignatureVoided.objects.create(signature=signature, by=people["ingrid"], reason="Unsafe.", at=story.tick())
    assert board_page_titles() == []


def test_the_queue_costs_the_same_however_long_it_is(story, claire, people):
    ingrid, counts = Person("ingrid"), []
    claire.struck_off_at = clock.now()
    made = 0
    for upto in (1, 3, 12):
        while made < upto:
            round = story.round("claire", "ravi", title=f"Question {made}?")
            BoardMember.objects.update(load_limit=99)
            story.sign(round, "claire")
            made += 1
        BoardMember.objects.filter(pk=claire.pk).update(struck_off_at=clock.now())
        with CaptureQueriesContext(connection) as queries:
            assert ingrid.client.get("/admin/struck-off/").status_code == 200
        BoardMember.objects.filter(pk=claire.pk).update(struck_off_at=None)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
