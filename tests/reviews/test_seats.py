"""What people do with a seat, through its pages and through the verbs."""

import uuid
from datetime import date

import pytest
from django.contrib.auth.models import Group

from editorial.conditions import Refused
from editorial.models import AuditEvent
from reviews import workflow
from reviews.models import ReviewAssignment
from tests.desk import Person
from tests.reviews.panels import VALUES, events, force, invited, mail_to, opened, seat_url, states, use

VERBS = ("accept", "step_aside", "recuse", "extend", "release")
OWN = ("accept", "step_aside", "recuse")


# Who may


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("username", "sees"),
    [("claire", OWN), ("ravi", ()), ("nora", ()), ("tom", ("extend", "release"))],
)
def test_each_verb_on_a_seat_is_its_members_or_an_editors_alone(verb, username, sees, story):
    seat, person = invited(story), Person(username)
    page, done = person.client.get(seat_url(seat, verb)), force(person, seat, verb)
    assert (page.status_code, done.status_code) == ((200, 302) if verb in sees else (404, 404))
    if verb not in sees:
        assert ReviewAssignment.objects.get(pk=seat.pk).state == "invited"


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_is_signed_out_is_asked_to_sign_in(verb, story, client):
    seat = invited(story)
    assert client.get(seat_url(seat, verb)).status_code == 302
    assert client.post(seat_url(seat, verb), VALUES).status_code == 302
    assert ReviewAssignment.objects.get(pk=seat.pk).state == "invited"


@pytest.mark.usefixtures("now_is")
def test_a_seat_that_is_missing_and_a_verb_that_is_missing_are_404(story):
    seat, claire = invited(story), Person("claire")
    assert claire.client.get(f"/admin/seats/{seat.pk}/fly/").status_code == 404
    assert claire.client.get("/admin/seats/999999/accept/").status_code == 404


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.usefixtures("now_is")
def test_a_get_never_changes_a_seat(verb, story):
    seat = invited(story)
    Person("claire" if verb in OWN else "tom").client.get(seat_url(seat, verb))
    assert events(seat) == ["made"]


ALLOWED = {
    "invited": VERBS,
    "accepted": ("step_aside", "recuse", "extend", "release"),
    "completed": (),
    "declined": (),
    "recused": (),
    "expired": (),
    "released": (),
}


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("verb", VERBS)
def test_from_each_state_only_the_verbs_of_the_table_go_on(state, verb, story):
    seat = invited(story)
    ReviewAssignment.objects.filter(pk=seat.pk).update(state=state)
    answer = force(Person("claire" if verb in OWN else "tom"), seat, verb)
    assert answer.status_code == (302 if verb in ALLOWED[state] else 403)
    if verb not in ALLOWED[state]:
        assert ReviewAssignment.objects.get(pk=seat.pk).state == state
        assert 'class="banner banner--danger' in answer.text


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", OWN)
def test_whoever_lost_the_role_while_the_page_was_open_is_told_so(verb, story, people):
    seat, claire = invited(story), Person("claire")
    people["claire"].groups.set([Group.objects.get(name="author")])
    assert force(claire, seat, verb).status_code == 302  # the session ended with the role
    answer = force(Person("claire"), seat, verb)
    assert answer.status_code == 403
    assert "You are not on the board any more." in answer.text
    assert events(seat) == ["made"]


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", ["extend", "release"])
def test_whoever_is_no_editor_any_more_moves_no_seat(verb, story, people):
    seat, tom = invited(story), Person("tom")
    people["tom"].groups.clear()
    assert force(tom, seat, verb).status_code == 302  # the session ended with the role
    refused = force(Person("tom"), seat, verb)
    assert refused.status_code == 403
    assert "You hold no role at this desk any more" in refused.text
    with pytest.raises(Refused, match="Only an editor"):
        use(story, seat, verb, "tom", reason="Late.", **({"review_on": date(2026, 5, 1)} if verb == "extend" else {}))
    assert events(seat) == ["made"]


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", VERBS)
def test_the_same_form_sent_twice_acts_once(verb, story):
    seat, number = invited(story), uuid.uuid4()
    person = Person("claire" if verb in OWN else "tom")
    for _time in range(2):
        assert force(person, seat, verb, request_id=number).status_code == 302
    assert len(events(seat)) == 2


@pytest.mark.usefixtures("now_is")
def test_a_stale_form_is_told_that_the_article_moved_on(story):
    seat, tom = invited(story), Person("tom")
    answer = force(tom, seat, "release", stamp="draft.1.x")
    assert answer.status_code == 409
    assert "moved on since you opened it" in answer.text
    assert events(seat) == ["made"]


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", ["step_aside", "recuse", "extend", "release"])
@pytest.mark.parametrize("reason", ["", "   ", "\0", "x" * 1001])
def test_a_reason_that_says_nothing_or_too_much_is_a_form_error(verb, reason, story):
    seat = invited(story)
    answer = force(Person("claire" if verb in OWN else "tom"), seat, verb, reason=reason)
    assert answer.status_code == 422
    assert events(seat) == ["made"]


def test_a_seat_on_another_article_is_refused_by_every_verb(story):
    seat, other = invited(story), opened(story, "ana", "ravi", fields={"title": "Another question?"})
    for verb in ("accept", "step_aside", "recuse", "release", "extend"):
        values = {} if verb == "accept" else {"reason": "No."}
        with pytest.raises(Refused, match="belongs to another article"):
            getattr(workflow, verb)(
                other.article, actor=story.people["claire"], now=story.tick(), assignment=seat, **values
            )


# Answers


def test_under_standing_acceptance_a_seat_is_accepted_when_given(story):
    round = opened(story, alternates=["eva"])
    assert states(round) == {
        "claire": ("required", "accepted"),
        "ravi": ("required", "accepted"),
        "eva": ("alternate", "invited"),
    }
    assert mail_to("claire") == ["Please review “How low should blood pressure be?” by 23 March 2026."]


def test_where_the_policy_asks_for_an_answer_the_mail_says_by_when(story):
    seat = invited(story)
    assert seat.state == "invited"
    assert (seat.respond_on, seat.review_on) == (date(2026, 3, 7), date(2026, 3, 23))
    (text,) = mail_to("claire")
    assert text.startswith("Please say by 7 March 2026 whether you can review “How low should blood pressure be?”.")
    assert text.endswith("The review is due on 23 March 2026.")


def test_accepting_is_recorded_and_moves_no_due_day(story):
    seat = invited(story)
    before = (seat.respond_on, seat.review_on, seat.due_version)
    use(story, seat, "accept", "claire")
    after = story.seat(seat.round, "claire")
    assert after.state == "accepted"
    assert (after.respond_on, after.review_on, after.due_version) == before
    assert events(seat) == ["made", "accepted"]


def test_whoever_declares_without_answering_first_has_answered(story):
    seat = invited(story)
    story.sign(seat.round, "claire")
    assert states(seat.round)["claire"] == ("required", "completed")
    assert events(seat)[:3] == ["made", "conflict.declared", "accepted"]


def test_an_invited_member_who_declares_a_conflict_never_accepted(story):
    seat = invited(story)
    story.declare(seat.round, "claire", has_conflict=True, details="Shares.")
    assert "accepted" not in events(seat)
    assert states(seat.round)["claire"] == ("required", "recused")


# Recusing


@pytest.mark.usefixtures("now_is")
def test_a_conflict_found_later_ends_access_and_is_remembered(story):
    round = opened(story, alternates=["eva"])
    story.declare(round, "claire")
    seat, claire = story.seat(round, "claire"), Person("claire")
    assert claire.client.get(seat.get_absolute_url()).status_code == 200
    assert claire.fill(seat_url(seat, "recuse"), reason="My brother wrote it.").status_code == 302
    assert states(round)["claire"] == ("required", "recused")
    assert claire.client.get(seat.get_absolute_url()).status_code == 404
    with pytest.raises(Refused, match="Claire Dubois: recused from this article before"):
        workflow.add_seat(
            round.article, actor=story.people["tom"], now=story.tick(), member=story.people["claire"].board_member
        )


def test_the_words_of_a_recusal_are_the_editors_and_never_enter_the_chain(story):
    round = opened(story)
    use(story, story.seat(round, "claire"), "recuse", "claire", reason="My brother wrote it.")
    assert (
        "My brother wrote it." in Person("tom").client.get(f"/admin/articles/article/{round.article_id}/change/").text
    )
    assert "brother" not in "".join(AuditEvent.objects.values_list("body", flat=True))
    assert any("Claire Dubois recused from" in text for text in mail_to("tom"))


@pytest.mark.parametrize("verb", ["recuse", "step_aside"])
def test_whoever_has_signed_neither_recuses_nor_steps_aside(verb, story):
    round = opened(story)
    story.sign(round, "claire")
    with pytest.raises(Refused, match="You have signed"):
        use(story, story.seat(round, "claire"), verb, "claire", reason="Too late.")


def test_a_conflict_declared_after_signing_is_refused_in_words(story):
    round = opened(story, "claire", "ravi", "ana")
    story.sign(round, "claire")
    seat = story.seat(round, "claire")
    with pytest.raises(Refused):
        use(story, seat, "declare", "claire", has_conflict=True, details="Shares.")
