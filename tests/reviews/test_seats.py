"""What people do with a seat, through its pages and through the verbs."""

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail

from articles.models import Article
from editorial import outbox
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, Credential, User
from editorial.verbs import work
from reviews import reminders, workflow
from reviews.models import ReminderDispatch, ReviewAssignment
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.late import day_after_rule
from tests.reviews.panels import ask_for_answers, events, mail_to, opened, seat_url, states

VERBS = ("accept", "step_aside", "recuse", "extend", "release")
OWN = ("accept", "step_aside", "recuse")
VALUES = {"reason": "For the test.", "review_on": "2026-05-01"}


@pytest.fixture
def now_is(monkeypatch, now):
    """Pages ask the clock; here it stands still on the day of the story."""
    monkeypatch.setattr("editorial.clock.now", lambda: now + timedelta(hours=1))


def force(person: Person, seat: ReviewAssignment, verb: str, **values):
    """Send a seat's form without asking its page first."""
    stamp = Article.objects.get(pk=seat.round.article_id).stamp
    form = {"stamp": stamp, "request_id": uuid.uuid4(), **VALUES, **values}
    return person.client.post(seat_url(seat, verb), form)


def use(story, seat: ReviewAssignment, verb: str, actor: str, **values):
    run = getattr(workflow, verb)
    return run(seat.round.article, actor=story.people[actor], now=story.tick(), assignment=seat, **values)


def invited(story) -> ReviewAssignment:
    ask_for_answers()
    return story.seat(opened(story, alternates=["eva"]), "claire")


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
    answer = force(claire, seat, verb)
    assert answer.status_code == 403
    assert "You are not on the board any more." in answer.text
    assert events(seat) == ["made"]


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("verb", ["extend", "release"])
def test_whoever_is_no_editor_any_more_moves_no_seat(verb, story, people):
    seat, tom = invited(story), Person("tom")
    people["tom"].groups.clear()
    refused = force(tom, seat, verb)
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


# Extending


@pytest.mark.usefixtures("now_is")
def test_an_editor_moves_the_due_day_and_the_mail_carries_it(story):
    seat = story.seat(opened(story), "claire")
    done = Person("tom").fill(seat_url(seat, "extend"), review_on="2026-04-10", reason="She asked for it.")
    assert done.status_code == 302
    after = story.seat(seat.round, "claire")
    assert (after.review_on, after.due_version, after.state) == (date(2026, 4, 10), 2, "accepted")
    assert after.respond_on == seat.respond_on
    assert mail_to("claire")[-1] == "Your review of “How low should blood pressure be?” is now due on 10 April 2026."
    assert events(seat)[-1] == "extended"


@pytest.mark.usefixtures("now_is")
def test_the_day_for_an_answer_is_moved_where_one_is_asked_for(story):
    seat, tom = invited(story), Person("tom")
    assert "respond_on" in tom.fields(seat_url(seat, "extend"), having="stamp")
    assert tom.fill(seat_url(seat, "extend"), respond_on="2026-03-12", reason="Away.").status_code == 302
    after = story.seat(seat.round, "claire")
    assert (after.respond_on, after.review_on, after.due_version) == (date(2026, 3, 12), seat.review_on, 2)
    use(story, seat, "accept", "claire")
    assert "respond_on" not in tom.fields(seat_url(seat, "extend"), having="stamp")


WRONG_DAYS = [
    ({}, "Give a new day."),
    ({"review_on": date(2026, 3, 2)}, "has to lie ahead"),
    ({"review_on": date(2020, 1, 1)}, "has to lie ahead"),
    ({"respond_on": date(2026, 3, 2)}, "has to lie ahead"),
    ({"respond_on": date(2026, 3, 24)}, "can't be due after the review"),
    ({"review_on": date(2026, 3, 6)}, "can't be due after the review"),
]


@pytest.mark.parametrize(("days", "reason"), WRONG_DAYS)
def test_a_day_that_makes_no_sense_is_refused_in_words(days, reason, story):
    seat = invited(story)
    with pytest.raises(Refused, match=reason):
        use(story, seat, "extend", "tom", reason="Why not.", **days)
    assert story.seat(seat.round, "claire").due_version == 1


def test_an_accepted_seat_has_no_answer_to_wait_for(story):
    seat = story.seat(opened(story), "claire")
    with pytest.raises(Refused, match="accepted already"):
        use(story, seat, "extend", "tom", reason="Why.", respond_on=date(2026, 3, 20))


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-31", "9" * 40, "2026-03-23"])
def test_a_day_that_is_none_or_the_same_moves_nothing(day, story):
    seat = story.seat(opened(story), "claire")
    assert force(Person("tom"), seat, "extend", review_on=day).status_code in (403, 422)
    assert story.seat(seat.round, "claire").due_version == 1


def test_a_reminder_of_the_old_day_is_skipped_and_one_of_the_new_is_planned(story):
    day_after_rule()
    seat = story.seat(opened(story), "claire")
    late = story.now.replace(month=3, day=24, hour=12)
    reminders.plan(now=late)
    old = ReminderDispatch.objects.get(assignment=seat)
    story.now = late
    use(story, seat, "extend", "tom", reason="Ill.", review_on=date(2026, 4, 10))
    assert reminders.irrelevant(ReminderDispatch.objects.get(pk=old.pk), now=late) == "the due day was moved"
    reminders.plan(now=late + timedelta(days=19))
    assert sorted(ReminderDispatch.objects.filter(assignment=seat).values_list("due_version", flat=True)) == [1, 2]


def test_a_mail_about_a_day_that_was_moved_again_is_not_sent(story):
    seat = story.seat(opened(story), "claire")
    use(story, seat, "extend", "tom", reason="Ill.", review_on=date(2026, 4, 10))
    use(story, seat, "extend", "tom", reason="Still ill.", review_on=date(2026, 4, 20))
    outbox.send_due(now=story.now + timedelta(minutes=5))
    sent = [m.body for m in mail.outbox if "now due" in m.body and "Claire" in m.body]
    assert len(sent) == 1
    assert "20 April 2026" in sent[0]


# Releasing and adding


def test_whoever_is_released_is_told_that_nothing_is_asked_any_more(story):
    round = opened(story, alternates=["eva"])
    use(story, story.seat(round, "claire"), "release", "tom", reason="On leave.")
    assert mail_to("claire")[-1].endswith("isn't needed any more: the seat was released. Thank you.")
    assert states(round)["claire"] == ("required", "released")


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize(("kind", "mails"), [("required", 1), ("optional", 1), ("alternate", 0)])
def test_an_editor_adds_a_seat_while_the_round_runs(kind, mails, story, people):
    round = opened(story, alternates=["eva"])
    url = f"/admin/articles/article/{round.article_id}/verb/add_seat/"
    done = Person("tom").fill(url, member=people["liam"].board_member.pk, kind=kind)
    assert done.status_code == 302, done.text
    seat = story.seat(round, "liam")
    assert (seat.seat, seat.rank) == (kind, 2 if kind == "alternate" else 0)
    assert len(mail_to("liam")) == mails


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("value", ["", "zz", "9" * 40, "-1", "999999"])
def test_a_member_that_is_none_is_a_form_error(value, story):
    round = opened(story)
    url = f"/admin/articles/article/{round.article_id}/verb/add_seat/"
    assert Person("tom").fill(url, member=value).status_code == 422
    assert round.assignments.count() == 2


@pytest.mark.usefixtures("now_is")
def test_a_member_may_be_searched_for_and_whoever_may_not_sit_is_shown_with_the_reason(story):
    round = opened(story)
    url = f"/admin/articles/article/{round.article_id}/verb/add_seat/"
    found = Person("tom").fill(url, q="rossi", find="1")
    assert found.status_code == 200
    assert "Sofia Rossi" in found.text
    assert "Liam Byrne" not in found.text
    barred = Person("tom").fill(url, q="mina", find="1")
    assert "no valid credential: it has expired" in barred.text
    assert round.assignments.count() == 2


ADDED_IN_VAIN = [
    ("claire", "is on this panel already"),
    ("mina", "no valid credential"),
    ("liam", "has 0 open reviews, the limit is 0"),
]


@pytest.mark.parametrize(("username", "reason"), ADDED_IN_VAIN)
def test_nobody_who_may_not_sit_is_added(username, reason, story, people):
    round = opened(story)
    member = people[username].board_member
    if username == "liam":
        type(member).objects.filter(pk=member.pk).update(load_limit=0)
    with pytest.raises(Refused, match=reason):
        workflow.add_seat(round.article, actor=people["tom"], now=story.tick(), member=member)
    assert round.assignments.count() == 2


@pytest.mark.parametrize("username", ["nora", "claire"])
def test_only_an_editor_adds_a_seat(username, story, people):
    round = opened(story)
    with pytest.raises(Refused, match="Only an editor"):
        workflow.add_seat(round.article, actor=people[username], now=story.tick(), member=people["liam"].board_member)
    url = f"/admin/articles/article/{round.article_id}/verb/add_seat/"
    assert Person(username).client.get(url).status_code == 404


def test_no_seat_is_added_once_the_round_is_closed(story, people):
    round = opened(story)
    article = story.sign(round, "claire", VerdictKind.CHANGES_NEEDED, comment="The dose.")
    with pytest.raises(Refused, match="no open round"):
        workflow.add_seat(article, actor=people["tom"], now=story.tick(), member=people["liam"].board_member)


def test_an_editor_gives_no_seat_to_themselves(story, people):
    people["tom"].groups.add(Group.objects.get(name="board member"))
    member = BoardMember.objects.create(user=people["tom"], slug="tom", joined_on=story.now.date())
    copied = Credential.objects.filter(member=people["liam"].board_member).values().get()
    Credential.objects.create(**{**copied, "id": None, "member_id": member.pk})
    article = story.triaged(title="Handled by Lena?")
    Article.objects.filter(pk=article.pk).update(handling_editor=people["lena"])
    article = Article.objects.get(pk=article.pk)
    with pytest.raises(Refused, match="doesn't sit on its panel"):
        opened(story, "claire", "ravi", article=article, optional=["tom"])
    round = opened(story, article=article)
    with pytest.raises(Refused, match="decides on this article as its editor"):
        workflow.add_seat(round.article, actor=people["tom"], now=story.tick(), member=member)


def test_a_disabled_account_answers_nothing(story, people):
    seat = invited(story)
    User.objects.filter(pk=people["claire"].pk).update(is_active=False)
    with pytest.raises(Refused, match="not on the board any more"), work(actor=people["claire"], now=story.now):
        use(story, seat, "accept", "claire")
