"""With the guards taken away a row can be changed; `manage.py verify` then names it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import lifecycle
from articles.models import Notice, Publication, PublicPage
from editorial import audit, guards
from editorial.models import AuditEvent, AuditHead
from reviews.models import Review, Signature, SignatureVoided
from tests.editorial.test_guards import unguarded

pytestmark = pytest.mark.sqlite

CHECKS = [
    *("guards", "audit chain", "anchors", "policies", "memberships", "invitations", "erasures", "triggers", "changes"),
    *("digests", "rounds", "prospects", "seats", "carried", "quorums", "statuses"),
    *("personal texts", "comments", "pages"),
]
UNSIGNED = "not signed: AUDIT_KEY_FILE and ANCHOR_FILE aren’t set"
UNNOTED = "not checked: only PostgreSQL notes changes past the verbs"


@pytest.fixture
def published(story):
    story.published()
    return Publication.objects.get()


@pytest.fixture
def notice(story):
    """The notice of a retracted article."""
    article = story.published()
    story.tick()
    proof = story.proof("ingrid")
    lifecycle.retract(article, actor=story.people["ingrid"], now=story.now, notice="Made up.", proof=proof)
    return Notice.objects.get()


def verify() -> tuple[int, dict]:
    """The exit code and the JSON of `manage.py verify --json`."""
    out = StringIO()
    try:
        call_command("verify", "--json", stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def found() -> dict[str, list[tuple[str, str]]]:
    """By check, the rows it named with what it said; checks without problems left out."""
    code, answer = verify()
    problems = {name: [(p["row"], p["message"]) for p in rows] for name, rows in answer["checks"].items() if rows}
    assert (code, answer["ok"]) == ((1, False) if problems else (0, True))
    return problems


def tamper(statement: str, *values: object) -> None:
    """Plain SQL with the guards taken away and put back, so that verify finds them standing."""
    connection.check_constraints()
    with guards.lifted(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
        connection.check_constraints()


def pk_of(model: type, **fields: object) -> int:
    return model.objects.filter(**fields).order_by("pk").values_list("pk", flat=True).first()


def event(kind: str) -> AuditEvent:
    return AuditEvent.objects.filter(kind=kind).first()


def test_what_was_never_touched_verifies(published):
    code, answer = verify()
    unchecked = {"anchors": UNSIGNED} | ({"changes": UNNOTED} if connection.vendor == "sqlite" else {})
    assert (code, answer) == (0, {"ok": True, "checks": {name: [] for name in CHECKS}, "notes": unchecked})


def test_an_empty_database_verifies(db):
    assert found() == {}


def test_in_words_it_names_each_check_and_fails_with_1(published):
    tamper("UPDATE reviews_review SET comment = 'Mine' WHERE id = %s", pk_of(Review))
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 problems\. Nothing was changed\.") as failed:
        call_command("verify", stdout=out)
    assert failed.value.returncode == 1
    assert out.getvalue().splitlines() == [
        "guards: ok",
        "audit chain: 1 problems",
        f"  reviews.Review {pk_of(Review)}: the row was changed after it was recorded",
        f"anchors: {UNSIGNED}",
        *(f"{name}: {UNNOTED if name == 'changes' and connection.vendor == 'sqlite' else 'ok'}" for name in CHECKS[3:]),
    ]


def test_a_changed_row_is_named(published):
    review, signature = pk_of(Review), pk_of(Signature)
    for table, change, pk, label in (
        ("reviews_review", "verdict = 'abstain'", review, "reviews.Review"),
        ("reviews_review", "comment = 'Mine'", review, "reviews.Review"),
        ("reviews_review", "signed_at = '2026-01-01 00:00:00+00:00'", review, "reviews.Review"),
        ("reviews_signature", "shown_name = 'Somebody'", signature, "reviews.Signature"),
        ("reviews_signature", "standing = '{\"credentials\": []}'", signature, "reviews.Signature"),
        ("articles_publication", "title = 'Mine'", published.pk, "articles.Publication"),
        ("articles_publication", "next_review_due = '2099-01-01'", published.pk, "articles.Publication"),
    ):
        with transaction.atomic():
            tamper(f"UPDATE {table} SET {change} WHERE id = %s", pk)
            problems = found()["audit chain"]
            transaction.set_rollback(True)
        assert problems == [(f"{label} {pk}", "the row was changed after it was recorded")], change


def test_a_changed_notice_and_one_that_is_gone_are_named(notice):
    with transaction.atomic():
        tamper("UPDATE articles_notice SET text = 'All is well' WHERE id = %s", notice.pk)
        problems = found()
        transaction.set_rollback(True)
    assert problems["audit chain"] == [(f"articles.Notice {notice.pk}", "the row was changed after it was recorded")]
    tamper("DELETE FROM articles_notice WHERE id = %s", notice.pk)
    assert found()["audit chain"] == [(f"articles.Notice {notice.pk}", "the row was recorded and is gone")]


def test_changed_html_is_named_by_its_seal_its_digest_and_its_page(published):
    html = json.dumps({audience: text + "<p>More.</p>" for audience, text in published.html.items()})
    tamper("UPDATE articles_publication SET html = %s WHERE id = %s", html, published.pk)
    row = f"articles.Publication {published.pk}"
    problems = found()
    assert problems["audit chain"] == [(row, "the row was changed after it was recorded")]
    assert problems["digests"] == [(row, "the HTML for clinician isn't the one that was signed")]
    assert ("main_html isn't what was published") in [message for _row, message in problems["pages"]]


def test_a_changed_snapshot_no_longer_gives_its_digest(published):
    snapshot = published.snapshot.replace("130 mm Hg", "150 mm Hg")
    tamper("UPDATE articles_publication SET snapshot = %s WHERE id = %s", snapshot, published.pk)
    row = f"articles.Publication {published.pk}"
    assert (row, "the snapshot doesn't give the digest that was signed") in found()["digests"]


def test_a_status_moved_by_sql_is_held_against_the_events(published):
    with connection.cursor() as cursor:  # no guard stands in the way
        cursor.execute("UPDATE articles_publication SET status = 'retired' WHERE id = %s", [published.pk])
    assert found()["statuses"] == [
        (f"articles.Publication {published.pk}", "its status is retired, the events say live")
    ]


def test_a_readers_page_changed_by_sql_is_named(published):
    PublicPage.objects.filter(publication=published).update(main_html="<p>Cures everything.</p>")
    row = f"PublicPage of articles.Publication {published.pk}"
    assert found() == {"pages": [(row, "main_html isn't what was published")]}
    call_command("rebuild_public", stdout=StringIO())
    assert found() == {}


def test_a_readers_page_that_is_gone_is_named(published):
    PublicPage.objects.filter(publication=published).delete()
    row = f"PublicPage of articles.Publication {published.pk}"
    assert found() == {"pages": [(row, "missing isn't what was published")]}


def test_a_signature_that_no_longer_stands_is_named_while_the_page_is_live(published, people, now):
    signature = Signature.objects.filter(digest=published.digest, review__isnull=False).first()
    SignatureVoided.objects.create(signature=signature, by=people["ingrid"], reason="Not hers.", at=now)
    problems = found()
    assert problems["audit chain"] == [(f"reviews.SignatureVoided {signature.voided.pk}", "no event recorded this row")]
    [(row, message)] = problems["quorums"]
    assert row == f"articles.Publication {published.pk}"
    assert message.startswith("live without a standing quorum: 1 more approval")


def test_time_and_expired_licences_do_not_turn_it_red(published, people):
    people["claire"].board_member.credentials.update(expires_on="2026-03-03")
    people["claire"].groups.clear()
    assert found() == {}


def test_a_changed_body_is_named(published):
    changed = event("article.submitted")
    tamper("UPDATE editorial_auditevent SET body = %s WHERE sequence = %s", changed.body + " ", changed.pk)
    assert found() == {"audit chain": [(f"AuditEvent {changed.pk}", "the body was changed: its hash doesn't match")]}


def test_a_body_changed_together_with_its_hash_breaks_the_link_to_the_next(published):
    changed = event("article.submitted")
    body = changed.body.replace("new", "update")
    assert body != changed.body
    values = (body, audit.event_hash(changed.previous_hash, body), changed.pk)
    tamper("UPDATE editorial_auditevent SET body = %s, hash = %s WHERE sequence = %s", *values)
    assert found() == {"audit chain": [(f"AuditEvent {changed.pk + 1}", "doesn't follow from the event before it")]}


def test_a_changed_hash_is_named(published):
    tamper("UPDATE editorial_auditevent SET hash = %s WHERE sequence = 3", "0" * 64)
    assert found() == {
        "audit chain": [
            ("AuditEvent 3", "the body was changed: its hash doesn't match"),
            ("AuditEvent 4", "doesn't follow from the event before it"),
        ]
    }


def test_columns_that_contradict_the_body_are_named(published):
    for change in ("kind = 'article.nothing'", "subject = 'article:0'", "at = '2026-01-01 00:00:00+00:00'"):
        with transaction.atomic():
            tamper(f"UPDATE editorial_auditevent SET {change} WHERE sequence = 3")
            problems = found()["audit chain"]
            transaction.set_rollback(True)
        assert problems == [("AuditEvent 3", "its columns don't say what its body says")]


def test_a_deleted_event_leaves_a_gap(published):
    tamper("DELETE FROM editorial_auditevent WHERE sequence = 3")
    problems = found()["audit chain"]
    assert ("AuditEvent 4", "the chain has a gap: event 3 is missing") in problems
    assert ("AuditEvent 4", "doesn't follow from the event before it") in problems


def test_a_cut_tail_does_not_meet_the_head(published):
    last = AuditEvent.objects.last().sequence
    tamper("DELETE FROM editorial_auditevent WHERE sequence = %s", last)
    problems = found()["audit chain"]
    assert ("AuditHead 1", f"the head names event {last}, the chain ends at {last - 1}") in problems


def test_a_body_that_is_not_json_is_named_and_not_fatal(published):
    tamper("UPDATE editorial_auditevent SET body = 'nonsense' WHERE sequence = 3")
    assert ("AuditEvent 3", "the body can't be read") in found()["audit chain"]


def test_a_missing_head_is_named(published):
    AuditHead.objects.all().delete()
    assert found()["audit chain"] == [("AuditHead 1", "the head row is missing; run `manage.py migrate`")]


def test_a_dropped_guard_is_named(published):
    connection.check_constraints()
    guard = guards._guards["reviews.Signature"]
    with connection.cursor() as cursor:
        guards.remove_one(cursor, guard, connection.vendor)
    message = "this database guard is missing; run `manage.py migrate`"
    assert found() == {"guards": [(name, message) for name in guard.names(connection.vendor)]}
    guards.install()
    assert found() == {}


@pytest.mark.parametrize("kind", ["publication.published", "round.opened", "review.signed", "conflict.declared"])
def test_a_body_of_any_kind_that_is_not_json_is_named_and_not_fatal(story, kind):
    story.published()
    with unguarded():
        assert AuditEvent.objects.filter(kind=kind).update(body="not json")
        assert "AuditEvent" in str(found())


@pytest.mark.parametrize("column", ["snapshot", "evidence", "html", "policy"])
def test_a_publication_that_can_not_be_read_any_more_is_named_and_not_fatal(story, column):
    story.published()
    with unguarded():
        Publication.objects.update(**{column: "{}" if column == "snapshot" else {}})
        assert "articles.Publication" in str(found())
