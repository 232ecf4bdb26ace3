"""The chain: what an event says, how it is hashed, and what a row's seal covers."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from articles.models import Notice
from editorial import audit, guards
from editorial.audit import Entry
from editorial.models import AuditEvent, AuditHead, PersonalText, User
from editorial.verbs import record, work
from reviews.models import Signature

pytestmark = pytest.mark.sqlite

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEALED = {
    "articles.Publication": {"status"},
    "articles.Notice": set(),
    "reviews.Review": set(),
    "reviews.Signature": set(),
    "reviews.SignatureVoided": set(),
    "reviews.SignatureKept": set(),
    "reviews.Objection": set(),
    "reviews.ObjectionStep": set(),
    "reviews.ConflictDeclaration": set(),
}
UNSEALED = {"editorial.AuditEvent", "editorial.HandledRequest", "editorial.ChangeCapture"}
"""house.md, “Audit”: recorded rows, and the fields that verbs move afterwards."""


@pytest.fixture
def tom(people) -> User:
    return people["tom"]


def entry(tom: User, kind: str = "test.done", **values) -> Entry:
    return Entry(kind=kind, subject="article:1", actor=tom, at=AT, **values)


def test_the_first_event_follows_from_zeros(tom):
    [event] = audit.append([entry(tom)])
    assert event.sequence == 1
    assert event.previous_hash == "0" * 64
    assert event.hash == hashlib.sha256(f"{'0' * 64}\n{event.body}".encode()).hexdigest()


def test_events_follow_each_other_without_a_gap_and_the_head_names_the_last(tom):
    audit.append([entry(tom), entry(tom)])
    audit.append([entry(tom)])
    events = list(AuditEvent.objects.all())
    assert [event.sequence for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    head = AuditHead.objects.get()
    assert (head.sequence, head.hash) == (3, events[-1].hash)
    assert audit.verify() == []


def test_appending_nothing_does_nothing(tom):
    assert audit.append([]) == []
    assert AuditHead.objects.get().sequence == 0


def test_a_body_says_who_did_what_to_what_and_when(tom):
    audit.append([entry(tom, data={"reason": "Because “so”.", "at": date(2026, 3, 1), "who": UUID(int=7)})])
    body = json.loads(AuditEvent.objects.get().body)
    assert body == {
        "sequence": 1,
        "at": "2026-03-02T09:00:00.000000+00:00",
        "kind": "test.done",
        "subject": "article:1",
        "actor": str(tom.uuid),
        "data": {
            "reason": "Because “so”.",
            "at": "2026-03-01",
            "who": "00000000-0000-0000-0000-000000000007",
        },
        "records": [],
    }


def test_equal_bodies_have_equal_bytes():
    assert audit.canonical({"b": 1, "a": "é"}) == audit.canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'
    paris = timezone(timedelta(hours=1))
    assert audit.canonical(AT) == audit.canonical(AT.astimezone(paris)) == '"2026-03-02T09:00:00.000000+00:00"'


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, Ellipsis])
def test_what_has_no_one_form_can_not_stand_in_an_event(value, tom):
    with pytest.raises(TypeError, match="can't stand in an audit event"):
        audit.append([entry(tom, data={"value": value})])


def test_the_hash_binds_the_body_to_all_that_came_before():
    assert audit.event_hash("a", "b") != audit.event_hash("b", "b")
    assert audit.event_hash("a", "b") != audit.event_hash("a", "b ")


def test_which_rows_are_sealed():
    assert {label: set(moving) for label, moving in audit.SEALED.items()} == SEALED
    assert set(SEALED) == set(guards._guards) - UNSEALED


def test_a_seal_covers_each_value_of_the_row(story):
    story.published()
    signature = Signature.objects.first()
    before = audit.seal(signature)
    assert audit.seal(Signature.objects.get(pk=signature.pk)) == before
    for field in Signature._meta.concrete_fields:
        changed = Signature.objects.get(pk=signature.pk)
        old = getattr(changed, field.attname)
        new = {"x": 1} if isinstance(old, (dict, list)) else old + timedelta(1) if field.name == "signed_at" else 987
        setattr(changed, field.attname, new)
        assert audit.seal(changed) != before, field.name


def test_a_publications_seal_leaves_its_status_out(story):
    publication = story.published().publications.get()
    before = audit.seal(publication)
    publication._hold()
    assert audit.seal(publication) == before
    publication.title = "Another"
    assert audit.seal(publication) != before


def test_each_recorded_row_is_sealed_in_its_event(story):
    publication = story.published().publications.get()
    [record_of] = json.loads(AuditEvent.objects.get(kind="publication.published").body)["records"]
    assert record_of == {
        "model": "articles.Publication",
        "pk": str(publication.pk),
        "sha256": audit.seal(publication),
    }


def test_a_row_that_no_event_recorded_is_named(story, people):
    publication = story.published().publications.get()
    notice = Notice.objects.create(
        publication=publication, kind="safety", text="Unrecorded.", issued_by=people["tom"], issued_at=AT
    )
    assert audit.verify() == [audit.Problem(f"articles.Notice {notice.pk}", "no event recorded this row")]


def test_a_personal_text_can_be_erased_and_the_chain_still_verifies(tom):
    text = PersonalText.objects.create(text="Married to the author.", written_at=AT)
    with work(actor=tom, now=AT):
        record("conflict.declared", "assignment:1", details=audit.commitment(text))
    body = AuditEvent.objects.get().body
    assert "Married" not in body
    assert audit.commitment(text) in body

    PersonalText.objects.update(text="", salt="", erased_at=AT)

    assert audit.verify() == []


def test_equal_texts_have_different_commitments():
    texts = [PersonalText(text="Yes.", written_at=AT) for _number in range(2)]
    assert audit.commitment(texts[0]) != audit.commitment(texts[1])
    assert all(len(text.salt) == 64 for text in texts)


def test_there_is_one_head(db):
    with pytest.raises(Exception, match="one_audit_head"):
        AuditHead.objects.create(pk=2)
