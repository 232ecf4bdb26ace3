"""An editor releases a seat, or adds one while the round runs."""

import pytest
from django.contrib.auth.models import Group

from articles import workflow as bare
from editorial.conditions import Refused
from editorial.models import BoardMember, Credential, Specialty, User
from editorial.verbs import work
from reviews import workflow
from reviews.states import VerdictKind
from tests.desk import Person
from tests.reviews.panels import invited, mail_to, opened, states, use


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
    lena, heart = people["lena"], Specialty.objects.get(slug="cardiology")
    values = {"risk_tier": "standard", "specialty": heart, "handling_editor": lena}
    article = bare.triage(story.submitted(title="Handled by Lena?"), actor=lena, now=story.tick(), **values)
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
