"""The checker judges the quorum anew, from rows alone; where nothing else was forged it still finds what is lacking."""

import json

import pytest

from reviews.models import Signature, SignatureVoided
from tests.reviews.dossier.folders import exported, fails, manifested, passes


@pytest.fixture
def folder(story, tmp_path):
    """Redacted: its events are withheld, so that nothing but the quorum can tell."""
    return exported(story.published(), tmp_path / "dossier", story.tick(), redacted=True)


def edit(folder, kind: str, make) -> None:
    path = folder / "records" / f"{kind}.json"
    rows = [row for row in json.loads(path.read_text()) if make(row["values"]) is not False]
    path.write_text(json.dumps(rows))
    manifested(folder)


def test_an_approval_turned_into_an_abstention(folder):
    edit(folder, "reviews", lambda values: values.update(verdict="abstain"))
    assert "is live without a standing quorum: 0 of 2 approvals" in fails(folder)


def test_a_signature_over_another_text(folder):
    edit(folder, "signatures", lambda values: values.update(digest="0" * 64))
    said = fails(folder)
    assert "isn't over the text of its round" in said
    assert "without a standing quorum" in said


def test_a_signer_from_another_specialty(folder):
    def move(values):
        values["standing"]["credentials"] = [{"specialty": "rheumatology"}]

    edit(folder, "signatures", move)
    assert "an approver in cardiology" in fails(folder)


def test_no_confirmation(folder):
    edit(folder, "signatures", lambda values: values["standing"]["act"] != "confirm")
    assert "the editor's confirmation" in fails(folder)


def test_a_required_seat_without_a_verdict(folder):
    edit(folder, "reviews", lambda values: values["member_id"] != "1/2")
    assert "the verdict of a required seat" in fails(folder)


def test_a_rule_that_asks_for_less_than_the_version_says(folder):
    edit(folder, "rounds", lambda values: values["rule"].update(approvals=1))
    assert "its rule isn't the one that version 1 keeps" in fails(folder)


def test_a_publics_name_changed_where_it_was_shown(folder):
    edit(folder, "signatures", lambda values: values.update(shown_name="Somebody Else"))
    assert "isn't as version 1 showed it" in fails(folder)


def test_a_version_that_lost_its_quorum_lately_is_noted_and_later_it_is_wrong(story, tmp_path):
    article = story.published()
    signature = Signature.objects.filter(review__isnull=False).first()
    at = story.tick()
    voided = SignatureVoided(signature=signature, by=story.people["ingrid"], reason="Struck off.", at=at)
    voided.save()
    soon = exported(article, tmp_path / "soon", story.tick(), redacted=True)
    assert "note: version 1 has no standing quorum today" in passes(soon)

    late = exported(article, tmp_path / "late", at.replace(month=at.month + 1), redacted=True)
    assert "without a standing quorum: 1 of 2 approvals" in fails(late)
