"""A physician's safety objection: what it stops, what it outlives, and the two ways in which it ends."""

import pytest
from django.contrib.auth.models import Group

from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.models import AuditEvent, Credential, OutboxMessage, ReviewRule, Specialty
from reviews import decisions, objections, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Objection, ObjectionStep, Signature
from reviews.states import VerdictKind
from tests.desk import Person

REASON = "Patients with kidney failure would be harmed."


@pytest.fixture
def cardiologist(people):
    """Sofia, off the panel, with a credential in the objection's specialty."""
    Credential.objects.create(
        member=people["sofia"].board_member,
        specialty=Specialty.objects.get(slug="cardiology"),
        letters="MD",
        licence_number="ROS-9",
        issuer="National Medical Register",
        verified_by=people["ingrid"],
        verified_on="2025-01-01",
        expires_on="2030-01-01",
    )
    return "sofia"


@pytest.fixture
def objection(story):
    """Claire objects, Ravi approves, in a round of two."""
    round = story.round()
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment=REASON)
    story.sign(round, "ravi")
    return Objection.objects.get()


def step(person: str, objection: Objection, name: str, **values):
    """Send one step's form without asking whether the page offers it."""
    stamp = Article.objects.get(pk=objection.article_id).stamp
    values = {"reason": "Renal doses are given in the text.", "password": PASSWORD, **values}
    form = {"stamp": stamp, "request_id": "00000000-0000-4000-8000-000000000001", **values}
    return Person(person).client.post(f"/admin/objections/{objection.pk}/{name}/", form)


def assert_open(objection: Objection) -> None:
    assert list(Objection.objects.still_open()) == [objection]
    assert Article.objects.get().state == "under_review"


def confirm_and_read(reason: str) -> None:
    """Tom tries to publish and is told what is missing."""
    refused = Person("tom").force(Article.objects.get(), "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert reason in refused.text
    assert not Publication.objects.exists()


def test_an_objection_is_the_articles_and_its_editor_is_told(objection):
    assert objection.article == Article.objects.get()
    assert objection.specialty.slug == "cardiology"
    assert objection.reason == REASON
    told = OutboxMessage.objects.filter(recipient__username="tom").last()
    assert "Claire Dubois raised a safety objection" in told.payload["text"]
    event = AuditEvent.objects.filter(kind="review.signed").first()
    assert f'"model":"reviews.Objection","pk":"{objection.pk}"' in event.body


def test_it_blocks_approval_whatever_the_others_sign(objection):
    assert_open(objection)
    confirm_and_read("1 open safety objection")


def test_its_author_withdraws_it_and_the_round_goes_on(story, objection):
    answer = step("claire", objection, "withdraw")
    assert answer.status_code == 302
    assert not Objection.objects.still_open().exists()
    confirm_and_read("1 more approval")
    round = story.open_round_of(Article.objects.get())
    story.confirm(story.sign(round, "claire"))
    assert Article.objects.get().state == "approved"


def test_nobody_else_withdraws_it(objection):
    for person, status in (("tom", 403), ("ingrid", 403), ("ravi", 404), ("nora", 404)):
        assert step(person, objection, "withdraw").status_code == status
        assert_open(objection)


def test_a_withdrawal_needs_a_reason(objection):
    assert step("claire", objection, "withdraw", reason=" ").status_code == 422
    assert_open(objection)


def test_an_adjudication_ends_nothing_until_a_chief_confirms_it(cardiologist, objection):
    assert step(cardiologist, objection, "adjudicate").status_code == 302
    assert_open(objection)
    confirm_and_read("1 open safety objection")
    signature = Signature.objects.get(objection_step__kind="adjudicated")
    assert signature.signer.username == cardiologist
    assert signature.digest == objection.article.frozen_digest
    assert "was adjudicated" in OutboxMessage.objects.filter(recipient__username="ingrid").get().payload["text"]

    stamped = step("ingrid", objection, "confirm", request_id="00000000-0000-4000-8000-000000000002")

    assert stamped.status_code == 302
    assert not Objection.objects.still_open().exists()
    assert list(ObjectionStep.objects.values_list("kind", "by__username")) == [
        ("adjudicated", "sofia"),
        ("confirmed", "ingrid"),
    ]


def test_an_adjudication_is_signed_with_the_password(cardiologist, objection):
    refused = step(cardiologist, objection, "adjudicate", password="wrong")
    assert refused.status_code == 403
    assert not ObjectionStep.objects.exists()
    assert AuditEvent.objects.last().kind == "proof.refused"


def test_an_editor_can_not_overrule_a_physician(objection):
    for person in ("tom", "lena", "ingrid"):
        refused = step(person, objection, "adjudicate")
        assert refused.status_code == 403
        assert "an editor can&#x27;t overrule a physician" in refused.text
    assert step("nora", objection, "adjudicate").status_code == 404
    assert not ObjectionStep.objects.exists()
    assert_open(objection)


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("claire", "You are on the panel of this article"),
        ("ravi", "You are on the panel of this article"),
        ("ana", "Adjudication needs a credential in Cardiology"),
        ("mina", "no valid credential"),
    ],
)
def test_the_adjudicator_is_of_the_same_specialty_and_off_the_panel(person, reason, objection, story):
    with pytest.raises(Refused, match=reason):
        _adjudicate(story, objection, person)
    assert step(person, objection, "adjudicate").status_code in (403, 404)
    assert not ObjectionStep.objects.exists()


def _adjudicate(story, objection, person):
    story.tick()
    proof = story.proof(person)
    return objections.adjudicate(
        objection.article, actor=story.people[person], now=story.now, objection=objection, reason="Fine.", proof=proof
    )


def test_a_contributor_does_not_adjudicate(cardiologist, objection, people, story):
    objection.article.authors.add(people[cardiologist])
    with pytest.raises(Refused, match="contributed to this text"):
        _adjudicate(story, objection, cardiologist)


def test_a_conflicted_member_does_not_adjudicate(cardiologist, objection, people, story):
    people[cardiologist].board_member.interests.create(person=people["nora"], nature="Married", since="2025-01-01")
    with pytest.raises(Refused, match="declared an interest in one of its contributors"):
        _adjudicate(story, objection, cardiologist)


def test_there_is_one_adjudication(cardiologist, objection, story):
    _adjudicate(story, objection, cardiologist)
    with pytest.raises(Refused, match="adjudicated already"):
        _adjudicate(story, objection, cardiologist)


def test_an_editor_who_is_no_chief_does_not_confirm(cardiologist, objection, story):
    _adjudicate(story, objection, cardiologist)
    for person in ("tom", "lena"):
        refused = step(person, objection, "confirm")
        assert refused.status_code == 403
        assert "Only a chief editor confirms an adjudication." in refused.text
        assert_open(objection)


def test_the_adjudicator_does_not_confirm_it_too(cardiologist, objection, people, story):
    people[cardiologist].groups.add(Group.objects.get(name="chief editor"))
    _adjudicate(story, objection, cardiologist)
    refused = step(cardiologist, objection, "confirm")
    assert refused.status_code == 403
    assert "Whoever adjudicated can&#x27;t confirm it too." in refused.text
    assert_open(objection)


def test_a_chief_who_contributed_does_not_confirm(cardiologist, objection, people, story):
    objection.article.authors.add(people["ingrid"])
    _adjudicate(story, objection, cardiologist)
    assert step("ingrid", objection, "confirm").status_code == 404
    assert_open(objection)


def test_there_is_nothing_to_confirm_before_an_adjudication(objection):
    refused = step("ingrid", objection, "confirm")
    assert refused.status_code == 403
    assert "There is no adjudication waiting" in refused.text


def test_it_outlives_unlocking_resubmission_and_a_new_round(story, people, objection):
    article = workflow.withdraw(Article.objects.get(), actor=people["tom"], now=story.tick(), reason="To mend it.")
    assert list(article.objections.still_open()) == [objection]
    round = story.round("ravi", "sofia", article=article)
    story.sign(round, "ravi")
    story.sign(round, "sofia")
    assert round.number == 2
    assert_open(objection)
    confirm_and_read("1 open safety objection")

    assert step("claire", objection, "withdraw").status_code == 302

    assert decisions.decision_of(round, confirmed=True).satisfied
    story.confirm(Article.objects.get())
    assert Article.objects.get().state == "approved"


def test_when_the_last_obstacle_goes_a_rule_without_confirmation_publishes_at_once(story, people):
    ReviewRule.objects.filter(approvals__gt=0).update(editor_confirms=False)
    round = story.round()
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment=REASON)
    story.sign(round, "ravi")
    story.sign(round, "claire")
    objection = Objection.objects.get()
    assert_open(objection)

    assert step("claire", objection, "withdraw").status_code == 302

    assert Article.objects.get().state == "approved"
    assert Publication.objects.get().digest == round.digest


def test_a_changes_needed_that_waited_behind_it_sends_the_article_back_when_it_ends(story):
    round = story.round()
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment=REASON)
    story.sign(round, "ravi", VerdictKind.CHANGES_NEEDED, comment="The dose is missing.")
    objection = Objection.objects.get()
    assert_open(objection)

    assert step("claire", objection, "withdraw").status_code == 302

    assert Article.objects.get().state == "changes_requested"


def test_the_same_step_sent_twice_acts_once(cardiologist, objection):
    first = step(cardiologist, objection, "adjudicate")
    assert first.status_code == 302
    step(cardiologist, objection, "adjudicate")
    assert ObjectionStep.objects.count() == 1
    assert Signature.objects.filter(objection_step__isnull=False).count() == 1
