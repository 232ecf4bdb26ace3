"""The checklist: critical items go with approval or nothing does, in the form and in the verb."""

import pytest

from editorial.conditions import Refused
from reviews import checklist, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewRound
from reviews.states import VerdictKind
from tests.desk import Person, checked

APPROVING = ("approve", "approve_with_suggestions")
ITEMS = [
    {"code": "doses", "text": "Doses are right.", "critical": True},
    {"code": "tone", "text": "T", "critical": False},
]


@pytest.fixture
def round(story):
    round = story.round()
    story.declare(round, "claire")
    return round


def sign(story, round, verdict="approve", comment="", **changes):
    answers = {item["code"]: "yes" for item in round.rule["checklist"]}
    answers = {code: answer for code, answer in {**answers, **changes.pop("answers", {})}.items() if answer}
    return workflow.sign_review(
        round.article,
        actor=story.people["claire"],
        now=story.now,
        assignment=story.seat(round, "claire"),
        verdict=verdict,
        comment=comment,
        checklist=answers,
        proof=story.proof("claire"),
    )


def fill(round, story, verdict="approve", **values):
    url = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    values = {**checked(round), "verdict": verdict, "password": PASSWORD, "sign": "1", **values}
    return Person("claire").fill(url, having="password", **values)


@pytest.mark.parametrize("verdict", APPROVING)
@pytest.mark.parametrize(("answer", "said"), [("no", "can.t go with approval"), ("", "Answer this one before")])
def test_a_critical_item_that_is_open_or_no_stops_approval(verdict, answer, said, story, round):
    with pytest.raises(Refused, match=said):
        sign(story, round, verdict, answers={"doses": answer})
    refused = fill(round, story, verdict, checklist_doses=answer or None, comment="With care.")
    assert refused.status_code == 422
    assert "Answer this one before you approve" in refused.text or "can&#x27;t go with approval" in refused.text
    assert "With care." in refused.text
    assert not Review.objects.exists()


@pytest.mark.parametrize("verdict", ["changes_needed", "safety_objection", "abstain"])
def test_other_verdicts_need_no_answer_and_may_say_no(verdict, story, round):
    review = sign(story, round, verdict, comment="The dose is wrong.", answers={"doses": "no", "red-flags": ""})
    assert review.checklist["doses"] == "no"


def test_an_abstention_over_the_form_needs_no_checklist(story, round):
    empty = dict.fromkeys(checked(round))
    assert fill(round, story, "abstain", **empty).status_code == 302
    assert Review.objects.get().checklist == {}


def test_items_that_are_not_critical_may_stay_open_and_doesnt_apply_is_an_answer(story, round):
    answer = fill(round, story, checklist_evidence=None, checklist_balance="no", checklist_doses="not_applicable")
    assert answer.status_code == 302
    kept = Review.objects.get().checklist
    assert "evidence" not in kept
    assert (kept["balance"], kept["doses"]) == ("no", "not_applicable")


@pytest.mark.parametrize(
    ("answers", "said"), [({"bogus": "yes"}, "no item “bogus”"), ({"doses": "perhaps"}, "is no answer")]
)
def test_what_no_form_offers_is_refused_by_the_verb(answers, said, story, round):
    for verdict in ("approve", "abstain"):
        with pytest.raises(Refused, match=said):
            sign(story, round, verdict, answers=answers)
    assert not Review.objects.exists()


def test_an_answer_that_does_not_exist_is_a_form_error(story, round):
    assert fill(round, story, checklist_doses="perhaps").status_code == 422
    assert not Review.objects.exists()


def test_a_round_older_than_the_checklist_asks_none(story, round):
    rule = {name: value for name, value in round.rule.items() if name not in ("checklist", "hide_reviews")}
    ReviewRound.objects.update(rule=rule)
    page = Person("claire").client.get(f"/admin/reviews/{story.seat(round, 'claire').pk}/")
    assert "Checklist" not in page.text
    assert fill(ReviewRound.objects.get(), story).status_code == 302


def test_critical_items_are_marked_and_nothing_is_answered_for_the_member(story, round):
    url = f"/admin/reviews/{story.seat(round, 'claire').pk}/"
    claire = Person("claire")
    page = claire.client.get(url).text
    assert page.count(">Critical<") == sum(item["critical"] for item in round.rule["checklist"])
    assert not [name for name in claire.fields(url, having="password") if name.startswith("checklist_")]


@pytest.mark.parametrize("verdict", list(VerdictKind))
@pytest.mark.parametrize("answer", ["", "yes", "no", "not_applicable"])
def test_the_table_of_verdicts_and_answers(verdict, answer):
    fine = verdict not in APPROVING or answer in ("yes", "not_applicable")
    found = list(checklist.against(ITEMS, {"doses": answer} if answer else {}, verdict=verdict))
    assert (not found) is fine
    assert [code for code, _why in found] == ([] if fine else ["doses"])
