"""By somebody with every right and no trigger in the way: each tampering is found, and its row named.

Triggers, those that note changes too, are out of the way here: what finds it is the chain, the seals in it, the
anchors outside the database, and what `verify` holds against them.
"""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection

from articles import lifecycle
from articles.models import Publication
from editorial import anchor_lines, anchors, audit, captures
from reviews import objections, workflow
from reviews.models import Objection, Signature
from reviews.states import VerdictKind
from tests.faults.tampering import Tamperer

pytestmark = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="the role and its triggers are PostgreSQL's"
)

SHARE, ALL = 150, 10_000


@pytest.fixture
def tamperer(story, tmp_path, settings, monkeypatch):
    """Two articles with something in each sealed table, and the anchors of their chain."""
    every_kind_of_row(story)
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)
    call_command("make_audit_key", str(tmp_path / "key.pem"), stdout=StringIO())
    settings.AUDIT_KEY_FILE, settings.ANCHOR_FILE = str(tmp_path / "key.pem"), str(tmp_path / "anchors.jsonl")
    assert anchors.sign(story.now)
    captures.remove()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
    public = anchor_lines.public_of(anchors.private_key())
    made = Tamperer(20260302, tmp_path / "anchors.jsonl", public)
    assert made.problems() == []
    return made


def every_kind_of_row(story) -> None:
    round = story.round()
    story.sign(round, "claire", private_note="Between us: I nearly declined.")
    story.sign(round, "ravi", VerdictKind.APPROVE_WITH_SUGGESTIONS, comment="Add the trial of 2021.")
    story.confirm(round.article)
    second = story.round(title="Does salt matter?")
    story.sign(second, "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose is wrong.")
    objection = Objection.objects.get()
    story.tick()
    values = {"objection": objection, "reason": "Mine was old.", "proof": story.proof("claire")}
    objections.withdraw_objection(second.article, actor=story.people["claire"], now=story.now, **values)
    third = story.published(title="Is walking enough?")
    proof = story.proof("ingrid")
    lifecycle.retract(third, actor=story.people["ingrid"], now=story.now, notice="Made up.", proof=proof)
    fourth = Publication.objects.get(article=story.published(title="Is tea enough?"))
    signature = Signature.objects.filter(digest=fourth.digest, review__isnull=False).first()
    workflow.void_signature(
        fourth.article,
        actor=story.people["ingrid"],
        now=story.tick(),
        signature=signature,
        reason="Not hers.",
        proof=story.proof("ingrid"),
    )


def test_a_share_of_all_tamperings_is_found_and_each_row_named(tamperer):
    counts: Counter[str] = Counter()
    assert list(tamperer.run(SHARE, counts)) == []
    assert sum(counts.values()) == SHARE
    assert len(counts) == len({way.__name__ for way in tamperer.ways})


@pytest.mark.long
def test_ten_thousand_tamperings_are_found_and_each_row_named(tamperer):
    counts: Counter[str] = Counter()
    missed = list(tamperer.run(ALL, counts))
    print("\n".join(f"{number:>6} {kind}" for kind, number in counts.most_common()))
    assert missed == []
    assert sum(counts.values()) == ALL


def test_without_the_anchors_a_chain_made_anew_and_a_cut_with_its_head_are_not_found(tamperer):
    """What the anchors are for: the chain alone can't know."""
    tamperer.rewritten()
    assert audit.verify() == []
    assert [problem.row.split()[0] for problem in tamperer.problems()] == ["AuditEvent"]


def test_a_stranger_to_the_key_can_not_make_the_anchors_anew_either(tamperer, story):
    other = Ed25519PrivateKey.generate()
    at = audit.plain(story.now + timedelta(minutes=1))
    line = anchor_lines.signed(other, sequence=1, hash="0" * 64, at=at, previous="0" * 64)
    tamperer.file.write_bytes(line + b"\n")
    assert [problem.row for problem in tamperer.problems()] == [f"{tamperer.file.name}, line 1"]
