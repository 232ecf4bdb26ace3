"""Who may sit and sign, judged again at the instant of signing, over HTTP where there is a page."""

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from articles import workflow as bare
from articles.models import Article, Publication
from editorial import reauth
from editorial.conditions import Refused
from editorial.models import AuditEvent, Credential, Interest, PersonalText
from editorial.verbs import save, work
from reviews import conditions, matching, workflow
from reviews.demo.cast import COMPANY, PASSWORD
from reviews.models import Review, ReviewAssignment, Signature
from tests.desk import Person, checked


@pytest.fixture
def round(story):
    """Claire has declared and is about to sign; Ravi has not come yet."""
    round = story.round()
    story.declare(round, "claire")
    return round


def sign(person: Person, seat: ReviewAssignment, **values):
    """Send the signing form as the page would, without asking the page first."""
    stamp = Article.objects.get(pk=seat.round.article_id).stamp
    form = {"stamp": stamp, "request_id": uuid.uuid4(), "verdict": "approve", "password": PASSWORD, "sign": "1"}
    return person.client.post(f"/admin/reviews/{seat.pk}/", {**form, **checked(seat.round), **values})


def assert_refused(answer, reason: str, *, status: int = 403) -> None:
    """Refused in words, and nothing signed."""
    assert answer.status_code == status, answer.status_code
    assert reason in answer.text
    assert not Review.objects.exists()
    assert not Signature.objects.exists()


def may_sit(story, username: str, article) -> tuple[str, ...]:
    """What speaks against a member for this article today."""
    rule = conditions.rule_for(article, now=story.now)
    due = workflow.due_day(story.now.date(), rule.review_days)
    found = matching.matches(article, rule=rule, due=due, now=story.now)
    return next(m.reasons_against for m in found if m.member.user.username == username)


def role(user, name: str) -> None:
    user.groups.add(Group.objects.get(name=name))


def test_an_author_is_not_seated_and_does_not_sign(story, people):
    article = story.triaged()
    article.authors.add(people["claire"])
    assert may_sit(story, "claire", article) == ("contributed to this text",)
    panel = [people[name].board_member for name in ("claire", "ravi")]
    with pytest.raises(Refused, match="Claire Dubois: contributed to this text"):
        workflow.open_round(article, actor=people["tom"], now=story.tick(), members=panel)
    assert Article.objects.get().state == "submitted"


def test_whoever_becomes_an_author_while_seated_does_not_sign(story, people, round):
    round.article.authors.add(people["claire"])
    assert_refused(sign(Person("claire"), story.seat(round, "claire")), "contributed to this text")


def test_whoever_edited_the_text_does_not_sign_or_confirm_it(story, people):
    role(people["claire"], "editor")
    article = story.draft()
    variant = article.variants.get()
    variant.body += "\nOne more sentence.\n"
    save(variant, actor=people["claire"])
    article = story.triaged(article)
    assert may_sit(story, "claire", article) == ("contributed to this text",)
    round = story.round("ravi", "sofia", article=_unlocked(story, article))
    story.sign(round, "ravi")
    story.sign(round, "sofia")
    refused = Person("claire").force(round.article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "You contributed to this text" in refused.text
    assert not Publication.objects.exists()


def _unlocked(story, article):
    return workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="Once more.")


def test_a_change_of_any_signed_field_makes_a_contributor(story, people):
    for field in ("title", "short_answer", "byline", "funding", "region", "language", "origin"):
        article = story.draft()
        setattr(article, field, "ai_drafted" if field == "origin" else "fr")
        save(article, actor=people["tom"])
        assert "You contributed" in conditions.not_contributor(article, people["tom"]).reason, field


def test_a_change_outside_the_signed_text_makes_no_contributor(story, people):
    article = story.draft()
    article.products, article.sponsors = "Pill", "A firm"
    save(article, actor=people["tom"])
    assert conditions.not_contributor(article, people["tom"])


def test_whoever_triaged_is_no_contributor_and_may_not_sit_on_the_panel_all_the_same(story, people):
    role(people["claire"], "editor")
    article = story.submitted()
    claire = people["claire"]
    specialty = claire.board_member.credentials.get().specialty
    bare.triage(
        article, actor=claire, now=story.tick(), risk_tier="standard", specialty=specialty, handling_editor=claire
    )
    assert conditions.not_contributor(article, claire)
    panel = [people[name].board_member for name in ("claire", "ravi")]
    with pytest.raises(Refused, match="decides on this article as its editor"):
        workflow.open_round(article, actor=people["tom"], now=story.tick(), members=panel)


def test_whoever_sits_on_the_panel_never_confirms(story, people):
    round = story.round()
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    role(people["ravi"], "editor")
    answer = Person("ravi").force(article, "confirm", password=PASSWORD)
    assert answer.status_code == 403
    assert "on this article&#x27;s panel" in answer.text


def test_contributing_ends_with_the_next_version_that_was_fully_reviewed(story, people):
    article = story.draft()
    variant = article.variants.get()
    variant.body += "\nOne more sentence.\n"
    with work(actor=people["tom"], now=story.tick()):
        save(variant, actor=people["tom"])
    assert not conditions.not_contributor(article, people["tom"])
    round = story.round(article=article)
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"), "lena")
    assert conditions.not_contributor(Article.objects.get(), people["tom"])


@pytest.mark.parametrize("values", [{"sponsors": f"Nobody\n {COMPANY.upper()} "}, {"products": COMPANY}])
def test_an_interest_in_a_product_or_sponsor_keeps_a_member_off_the_panel(values, story):
    article = story.triaged(**values)
    (reason,) = may_sit(story, "otto", article)
    assert reason.casefold() == f"declared an interest in {COMPANY}".casefold()


def test_an_interest_in_a_contributor_keeps_a_member_off_the_panel(story, people):
    Interest.objects.create(
        member=people["ravi"].board_member, person=people["nora"], nature="Married", since=story.now.date()
    )
    assert may_sit(story, "ravi", story.triaged()) == ("declared an interest in one of its contributors",)


def test_an_interest_bars_nobody_once_it_ended_more_than_three_years_ago(story, people):
    Interest.objects.update(since=date(2020, 1, 1), until=date(2023, 3, 2))
    assert may_sit(story, "otto", story.triaged(sponsors=COMPANY)) != ()
    Interest.objects.update(until=date(2023, 3, 1))
    assert may_sit(story, "otto", story.triaged(sponsors=COMPANY)) == ()


def test_an_interest_declared_after_the_round_was_opened_stops_the_signature(story, people):
    round = story.round(sponsors=COMPANY)
    story.declare(round, "claire")
    Interest.objects.create(
        member=people["claire"].board_member, company=COMPANY, nature="Shares", since=story.now.date()
    )
    assert_refused(sign(Person("claire"), story.seat(round, "claire")), "declared an interest in")


def test_a_recused_member_has_no_access_any_more_and_is_not_seated_again(story, people):
    round, claire = story.round(), Person("claire")
    url = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    answer = claire.fill(url, having="disclosure", answer="conflict", details="Married to the author.")
    assert answer.status_code == 302
    assert story.seat(round, "claire").state == "recused"
    assert claire.client.get(url).status_code == 404
    assert sign(claire, story.seat(round, "claire")).status_code == 404
    assert not Review.objects.exists()
    assert PersonalText.objects.get().text == "Married to the author."
    assert "Married" not in AuditEvent.objects.get(kind="conflict.declared").body
    article = story.triaged(_unlocked(story, Article.objects.get()))
    assert may_sit(story, "claire", article) == ("recused from this article before",)


def test_a_conflict_has_to_be_named(story):
    round = story.round()
    url = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    refused = Person("claire").fill(url, having="disclosure", answer="conflict", details=" ")
    assert refused.status_code == 403
    assert "Say in a few words what the conflict is" in refused.text
    assert story.seat(round, "claire").state == "accepted"


def test_nobody_signs_before_declaring(story):
    round = story.round()
    assert_refused(sign(Person("claire"), story.seat(round, "claire")), "Declare your interests first")


def expire(user) -> None:
    Credential.objects.filter(member__user=user).update(expires_on="2026-03-01")


def unverify(user) -> None:
    Credential.objects.filter(member__user=user).update(verified_on=None)


def unsign_verification(user) -> None:
    Credential.objects.filter(member__user=user).update(verified_by=None)


def leave_the_board(user) -> None:
    user.board_member.left_on = "2026-03-01"
    user.board_member.save()


def lose_the_role(user) -> None:
    """Another role stays, so that the desk still opens."""
    user.groups.set([Group.objects.get(name="author")])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (expire, "no valid credential: it has expired"),
        (unverify, "no verified credential"),
        (unsign_verification, "no verified credential"),
        (leave_the_board, "not an active board member"),
    ],
)
def test_standing_lost_between_opening_the_page_and_signing_stops_the_signature(change, reason, story, people, round):
    claire = Person("claire")
    seat = story.seat(round, "claire")
    form = claire.fields(f"/admin/reviews/{seat.pk}/", having="password")
    change(people["claire"])
    values = {**form, "verdict": "approve", "password": PASSWORD, "sign": "1"}
    assert_refused(claire.client.post(f"/admin/reviews/{seat.pk}/", values), reason)


@pytest.mark.parametrize(
    ("lose", "reason"),
    [
        (lose_the_role, "You are not on the board any more."),
        (lambda user: user.groups.clear(), "You hold no role at this desk any more, so nothing was recorded."),
    ],
    ids=["the board's", "every role"],
)
def test_whoever_lost_a_role_while_the_page_was_open_signs_in_again_and_is_told_so(lose, reason, story, people, round):
    claire, seat = Person("claire"), story.seat(round, "claire")
    lose(people["claire"])
    ended = sign(claire, seat)
    assert (ended.status_code, ended["Location"]) == (302, f"/admin/login/?next=/admin/reviews/{seat.pk}/")
    assert not Signature.objects.exists()

    assert_refused(sign(Person("claire"), seat), reason)


def test_without_any_role_the_desk_is_shut_and_signing_out_works(story, people, round):
    claire, seat = Person("claire"), story.seat(round, "claire")
    people["claire"].groups.clear()
    assert claire.client.get(seat.get_absolute_url()).status_code == 302
    assert claire.client.post("/admin/logout/").status_code == 302


def test_a_licence_is_valid_on_its_last_day(story, people, round):
    today = story.now.date()
    Credential.objects.filter(member__user=people["claire"]).update(expires_on=today)
    seat = story.seat(round, "claire")
    assert conditions.may_sign(seat, people["claire"], now=story.now)
    assert not conditions.may_sign(seat, people["claire"], now=story.now + timedelta(days=1))


def test_a_disabled_account_signs_nothing(story, people, round):
    claire = Person("claire")
    people["claire"].is_active = False
    people["claire"].save()
    assert_refused(sign(claire, story.seat(round, "claire")), "Your account was disabled, so nothing was recorded.")
    refusal = conditions.may_sign(story.seat(round, "claire"), people["claire"], now=story.now)
    assert refusal.reason == "You are not on the board any more."
    assert not Review.objects.exists()


def test_a_deactivated_account_can_not_prove_who_it_is(people, now):
    people["claire"].is_active = False
    with pytest.raises(Refused, match="That password isn"):
        reauth.prove(people["claire"], PASSWORD, now=now)
