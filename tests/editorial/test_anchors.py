"""The end of the chain is signed outside the database: a cut tail and a chain made anew are found and named."""

import json
import stat
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.core.management import CommandError, call_command

from editorial import anchor_lines, anchors, audit, clock, guards, outbox, probes
from editorial.audit import Entry
from editorial.models import AuditEvent, AuditHead, OutboxMessage

pytestmark = pytest.mark.sqlite


@pytest.fixture
def key_file(tmp_path, settings):
    path = tmp_path / "key.pem"
    call_command("make_audit_key", str(path), stdout=StringIO())
    settings.AUDIT_KEY_FILE, settings.ANCHOR_FILE = str(path), str(tmp_path / "anchors.jsonl")
    return path


@pytest.fixture
def anchored(key_file, people, now, settings, tmp_path):
    """Three anchors over a chain of six events; the file of them and the public key's."""
    for minute in range(3):
        add(people["tom"], 2, now)
        assert anchors.sign(now + timedelta(minutes=minute))
    public = tmp_path / "public.pem"
    pem = anchors.private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(pem)
    return tmp_path / "anchors.jsonl", public


def add(tom, count, now):
    audit.append([Entry(kind="test.done", subject="article:1", actor=tom, at=now)] * count)


def found(anchored) -> list[tuple[str, str]]:
    file, public = anchored
    raw = anchors.problems([file], anchor_lines.public_of(anchors.private_key()))
    problems = [(p.row, p.message) for p in raw]
    out = StringIO()
    try:
        call_command("verify", "--json", anchors=[file], public_key=public, stdout=out)
    except CommandError:
        pass  # it fails where it finds something, which is asked for below
    assert [(p["row"], p["message"]) for p in json.loads(out.getvalue())["checks"]["anchors"]] == problems
    return problems


def test_an_honest_chain_meets_its_anchors(anchored):
    assert found(anchored) == []
    lines = anchored[0].read_bytes().splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == [2, 4, 6]
    assert [json.loads(line)["previous"] for line in lines[1:]] == [anchor_lines.line_hash(line) for line in lines[:2]]


def test_a_cut_tail_is_named_although_the_head_was_cut_with_it(anchored):
    with guards.lifted():
        AuditEvent.objects.filter(pk__gt=3).delete()
    AuditHead.objects.update(sequence=3, hash=AuditEvent.objects.get(pk=3).hash)
    assert audit.verify() == []
    [(row, said)] = found(anchored)
    assert row == "AuditEvent 4"
    assert said.startswith("the chain was cut: it ends at 3, and line 2 of anchors.jsonl, signed at 2026-03-02T09:01")


def test_a_chain_made_anew_is_named_although_each_link_holds(anchored):
    rewrite(4)
    assert audit.verify() == []
    [(row, said)] = found(anchored)
    assert row == "AuditEvent 4"
    assert said.startswith("the chain was made anew: this isn't the event of line 2 of anchors.jsonl")


def rewrite(first: int) -> None:
    """Change an event's words, and make every hash from there to the head fit."""
    before = AuditEvent.objects.get(pk=first - 1).hash
    with guards.lifted():
        for event in AuditEvent.objects.filter(pk__gte=first):
            body = event.body.replace("article:1", "article:2")
            before_this, before = before, audit.event_hash(before, body)
            AuditEvent.objects.filter(pk=event.pk).update(
                body=body, subject="article:2", previous_hash=before_this, hash=before
            )
    AuditHead.objects.update(hash=before)


def test_a_chain_forked_after_the_last_anchor_is_named_by_the_next(anchored, people, now):
    add(people["tom"], 1, now)
    anchors.sign(now + timedelta(minutes=5))
    rewrite(7)
    [(row, said)] = found(anchored)
    assert (row, said.split(":")[0]) == ("AuditEvent 7", "the chain was made anew")


def forged(anchored, change) -> list[tuple[str, str]]:
    lines = anchored[0].read_bytes().splitlines()
    anchored[0].write_bytes(b"".join(line + b"\n" for line in change(lines)))
    return found(anchored)


def test_a_forged_anchor_is_named(anchored):
    assert forged(anchored, lambda lines: [lines[0], lines[1].replace(b'"sequence":4', b'"sequence":3'), lines[2]]) == [
        ("anchors.jsonl, line 2", f"is forged: the key {key_of(anchored)} didn't sign it"),
        ("anchors.jsonl, line 3", "doesn't follow from the line before it: a line was cut out, put in or moved"),
    ]


def key_of(anchored) -> str:
    return json.loads(anchored[0].read_bytes().splitlines()[0])["key"]


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
    ],
    ids=["cut out of the middle", "cut at the start", "reordered", "doubled"],
)
def test_lines_that_were_cut_or_moved_are_named(anchored, change, first):
    problems = forged(anchored, change)
    assert problems[0] == (
        f"anchors.jsonl, line {first}",
        "doesn't follow from the line before it: a line was cut out, put in or moved",
    )


def test_an_anchor_by_another_key_is_named_even_where_it_claims_to_be_by_ours(anchored):
    other = Ed25519PrivateKey.generate()

    def again(lines, claim=""):
        said = json.loads(lines[2])
        line = anchor_lines.signed(
            other, sequence=said["sequence"], hash=said["hash"], at=said["at"], previous=said["previous"]
        )
        theirs = json.loads(line)["key"]
        return [*lines[:2], line.replace(theirs.encode(), claim.encode()) if claim else line]

    mine = key_of(anchored)
    [(row, said)] = forged(anchored, again)
    assert row == "anchors.jsonl, line 3"
    assert said.endswith(f", not with {mine}")
    assert forged(anchored, lambda lines: again(lines, mine)) == [
        ("anchors.jsonl, line 3", f"is forged: the key {mine} didn't sign it")
    ]


def test_a_writer_stopped_in_the_middle_is_forgiven_once_the_next_line_names_what_it_left(anchored, now):
    with anchored[0].open("ab") as file:
        file.write(b'{"at":"2026-')
    assert found(anchored) == [("anchors.jsonl, line 4", "can't be read")]
    assert anchors.sign(now + timedelta(minutes=9))
    assert found(anchored) == []


def test_two_workers_in_one_minute_sign_once(key_file, db, now):
    assert anchors.sign(now)
    assert anchors.sign(now + timedelta(seconds=20)) is None
    assert anchors.sign(now + timedelta(seconds=58))


def test_the_key_is_for_its_owner_alone_is_never_overwritten_and_is_named(key_file, tmp_path, db, now):
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    before = key_file.read_bytes()
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("make_audit_key", str(key_file))
    assert key_file.read_bytes() == before
    out = StringIO()
    call_command("make_audit_key", str(tmp_path / "other.pem"), stdout=out)
    assert "-----BEGIN PUBLIC KEY-----" in out.getvalue()
    assert "PRIVATE" not in out.getvalue()
    key_file.chmod(0o644)
    with pytest.raises(anchors.Unusable, match="chmod 600"):
        anchors.sign(now)


def test_without_settings_nothing_is_signed_and_readiness_says_so(db, now, settings):
    assert anchors.sign(now) is None
    assert probes.checks()["anchors"] == "not signed: AUDIT_KEY_FILE and ANCHOR_FILE aren’t set"
    assert anchors.note() == "not signed: AUDIT_KEY_FILE and ANCHOR_FILE aren’t set"
    settings.AUDIT_KEY_FILE = "/somewhere"
    assert anchors.note() == "not signed: ANCHOR_FILE isn’t set"


def test_readiness_degrades_when_signing_stops(key_file, db):
    assert probes.checks()["anchors"] == "degraded"
    anchors.sign(clock.now())
    assert probes.checks()["anchors"] == "ok"
    assert 0 <= anchors.age(clock.now()) < 60


def test_one_anchor_a_day_is_mailed_to_the_address_of_the_settings(key_file, db, now, settings):
    settings.ANCHOR_MAIL = "vault@example.org"
    lines = [anchors.sign(now + timedelta(hours=hours)) for hours in (0, 1, 25)]
    assert OutboxMessage.objects.count() == 2
    outbox.send_due(now=now + timedelta(hours=30))
    assert [m.to for m in mail.outbox] == [["vault@example.org"]] * 2
    assert lines[0].decode() in mail.outbox[0].body


def test_verify_needs_the_file_and_the_key_together(anchored):
    for options in ({"anchors": [anchored[0]]}, {"public_key": anchored[1]}):
        with pytest.raises(CommandError, match="go together"):
            call_command("verify", **options)
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify", anchors=[anchored[0].with_name("none")], public_key=anchored[1])
    with pytest.raises(CommandError, match="holds no public key"):
        call_command("verify", anchors=[anchored[0]], public_key=anchored[0])


def test_a_dossier_gets_the_lines_that_cover_its_events(anchored):
    lines = anchored[0].read_text().splitlines(keepends=True)
    assert anchors.around([1, 2]) == [lines[0]]
    assert anchors.around([3, 6]) == [lines[1], lines[2]]
    assert anchors.around([7]) == []
