"""Strings planted in every private place: none is in a redacted dossier. Nor is a word of another article in any."""

import json

import pytest

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article
from editorial.models import Credential, User
from reviews import objections, workflow
from reviews.models import Objection, ReviewComment, ReviewRound
from reviews.states import VerdictKind
from tests.reviews.dossier.folders import exported, passes, words_of

PLANTED = {
    "note to the editor": "CANARY-NOTE",
    "comment": "CANARY-COMMENT",
    "superseded comment": "CANARY-SUPERSEDED",
    "objection": "CANARY-OBJECTION",
    "withdrawal": "CANARY-WITHDRAWAL",
    "conflict": "CANARY-CONFLICT",
    "reason of a release": "CANARY-RELEASE",
    "note to the panel": "CANARY-PANEL",
    "remark": "CANARY-REMARK",
    "draft under review": "CANARY-DRAFT",
    "licence": "CANARY-LICENCE",
    "hold": "CANARY-HOLD",
}


@pytest.fixture
def article(story) -> Article:
    """A published article with everything that can be private, and a revision under way."""
    Credential.objects.update(licence_number=PLANTED["licence"])
    published = story.confirm(reviewed(story).article)
    people, now = story.people, story.tick()
    lifecycle.hold(published, actor=people["tom"], now=now, reason=PLANTED["hold"], proof=story.proof("tom"))
    workflow.lift(
        published, actor=people["ingrid"], now=story.tick(), reason=PLANTED["hold"], proof=story.proof("ingrid")
    )
    return Article.objects.get(pk=published.pk)


def reviewed(story) -> ReviewRound:
    """A round that lacks the editor's confirmation alone, after an objection, an abstention and a seat given up."""
    round = story.round("claire", "ravi", "sofia", "kenji")
    ReviewRound.objects.update(note=PLANTED["note to the panel"])
    seat = story.seat(round, "kenji")
    workflow.release(
        round.article,
        actor=story.people["tom"],
        now=story.tick(),
        assignment=seat,
        reason=PLANTED["reason of a release"],
    )
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment=PLANTED["objection"])
    reason = PLANTED["withdrawal"]
    objections.withdraw_objection(
        round.article,
        actor=story.people["claire"],
        now=story.tick(),
        objection=Objection.objects.get(),
        reason=reason,
        proof=story.proof("claire"),
    )
    story.sign(round, "sofia", VerdictKind.ABSTAIN, comment=PLANTED["superseded comment"])
    story.sign(round, "claire", comment=PLANTED["comment"], private_note=PLANTED["note to the editor"])
    story.sign(round, "ravi")
    ReviewComment.objects.create(
        article=round.article,
        round=round,
        author=story.people["sofia"],
        kind="question",
        body=PLANTED["remark"],
        digest=round.digest,
        made_at=story.now,
    )
    return round


@pytest.fixture
def revised(story, article) -> Article:
    """With a second round over a text that nobody has read, from which Eva recused."""
    opened = bare.revise(article, actor=story.people["nora"], now=story.tick(), reason="CANARY-WHY")
    variant = opened.variants.get()
    variant.body = variant.body.replace("In one large trial", f"In one large trial ({PLANTED['draft under review']})")
    variant.save()
    opened.change_note = "A trial is named."
    opened.conclusions_changed = False
    opened.save()
    round = story.round("claire", "ravi", "sofia", article=Article.objects.get(pk=article.pk))
    story.declare(round, "sofia", has_conflict=True, details=PLANTED["conflict"])
    story.sign(round, "claire", VerdictKind.ABSTAIN, comment="CANARY-SECOND")
    return Article.objects.get(pk=article.pk)


def test_no_private_word_is_in_a_redacted_dossier(story, revised, tmp_path):
    folder = exported(revised, tmp_path / "d", story.tick(), redacted=True, at=story.now)
    said = words_of(folder)
    passes(folder)
    assert "CANARY" not in said
    assert "@example.org" not in said


def test_every_planted_word_is_in_a_full_dossier(story, revised, tmp_path):
    """Else the test above would prove nothing."""
    folder = exported(revised, tmp_path / "d", story.tick())
    said = words_of(folder)
    passes(folder)
    assert {where for where, word in PLANTED.items() if word not in said} == set()
    assert "@example.org" not in said


def test_names_are_shown_only_where_readers_saw_them(story, revised, tmp_path):
    folder = exported(revised, tmp_path / "d", story.tick(), redacted=True)
    said, summary = words_of(folder), json.loads((folder / "dossier.json").read_text())
    assert "Sofia" not in said
    assert "Kenji" not in said
    first, second = ([seat["who"] for seat in round["seats"]] for round in summary["rounds"])
    assert first == ["Claire Dubois", "Ravi Menon", "Reviewer 3, pharmacology", "Reviewer 4, orthopaedics"]
    assert second == ["Reviewer 1, cardiology", "Reviewer 2, cardiology", "Reviewer 3, pharmacology"]
    assert [objection["by"] for objection in summary["objections"]] == ["A reviewer, cardiology"]
    assert summary["rounds"][0]["decision"] == "Approved 2 of 3, one recorded objection"


def test_nothing_leads_back_to_a_person_of_the_desk(story, revised, tmp_path):
    """An actor's number would let the hash of a withheld event be guessed back."""
    said = words_of(exported(revised, tmp_path / "d", story.tick(), redacted=True))
    assert [user.username for user in User.objects.filter(kind="person") if str(user.uuid) in said] == []


@pytest.mark.parametrize("redacted", [False, True])
def test_nothing_of_another_article_is_in_it(story, article, tmp_path, redacted):
    other = story.draft(title="OTHER-TITLE: what of statins?", author="nora")
    round = story.round(article=other, risk="low")
    story.sign(round, "ravi", VerdictKind.CHANGES_NEEDED, comment="OTHER-COMMENT")
    said = words_of(exported(article, tmp_path / "d", story.tick(), redacted=redacted))
    assert "OTHER-" not in said
    assert str(other.uuid) not in said


def test_a_text_on_hold_is_withheld_from_outsiders(story, article, tmp_path):
    people, now = story.people, story.tick()
    held = lifecycle.hold(article, actor=people["tom"], now=now, reason="A dose.", proof=story.proof("tom"))
    folder = exported(held, tmp_path / "d", story.tick(), redacted=True, at=article.submitted_at)
    passes(folder)
    assert "In one large trial" not in words_of(folder)
    assert list(folder.glob("texts/*")) == []
