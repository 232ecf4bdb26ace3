"""What `manage.py verify` checks of publications: quorum, digests, what readers see."""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from articles import content, projection, versions
from articles.models import Notice, Publication, PublicNotice
from articles.states import PublicationStatus
from editorial import audit, clock
from editorial.audit import Problem
from editorial.models import AuditEvent, PersonalText
from reviews import ahead, decisions, standing
from reviews.models import Review, ReviewAssignment, ReviewComment, ReviewRound
from reviews.reminders.owed import batches
from reviews.states import RoundOutcome

COMMITTING = ("conflict.declared", "review.signed", "member.left", "member.struck_off", "reminder.by_hand")
"""Events that commit to a personal text."""


def digests() -> Iterable[Problem]:
    """Each publication's snapshot gives its digest, and its HTML is what the snapshot names."""
    for publication in Publication.objects.order_by("pk").iterator(chunk_size=100):
        yield from _readable(publication, _digest_problems)


def _digest_problems(publication: Publication) -> Iterable[Problem]:
    row = _row(publication)
    if content.digest(publication.snapshot) != publication.digest:
        yield Problem(row, "the snapshot doesn't give the digest that was signed")
        return
    snapshot = content.parse(publication.snapshot)
    if publication.title != snapshot["title"]:
        yield Problem(row, "its title isn't the one that was signed")
    for variant in snapshot["variants"]:
        html = publication.html.get(variant["audience"], "")
        if hashlib.sha256(html.encode()).hexdigest() != variant["html_sha256"]:
            yield Problem(row, f"the HTML for {variant['audience']} isn't the one that was signed")


def quorums() -> Iterable[Problem]:
    """Each live publication has a quorum of standing signatures over its digest under its policy snapshot.

    Or it lost it to a withdrawn signature less than 14 days ago, and its page says so.
    """
    rows = Publication.objects.filter(status=PublicationStatus.LIVE).select_related("article")
    found = partial(_readable, check=_quorum_problems)
    yield from ahead.each(rows.order_by("pk").iterator(chunk_size=ahead.AT_ONCE), ahead.of_quorums, found)


def _quorum_problems(publication: Publication) -> Iterable[Problem]:
    lacking = decisions.lacking_today(publication)
    article, row, now = publication.article, _row(publication), clock.now()
    if lacking and not standing.lost_lately(article, now=now):
        yield Problem(row, f"live without a standing quorum: {'; '.join(lacking)}")
    if article.quorum_lost_at and not lacking:
        yield Problem(row, "its page says that it lost its quorum, which stands")
    if versions.owes_full_review(publication) and article.full_review_by is None:
        yield Problem(row, "an urgent version that doesn't say by when the full panel reviews it")
    if article.full_review_by and standing.is_over(article.full_review_by, now=now):
        yield Problem(row, f"live, although the full panel's review was due by {article.full_review_by}")


def statuses() -> Iterable[Problem]:
    """Each publication's status is the one that its last event says."""
    said: dict[str, str] = {}
    events = AuditEvent.objects.filter(kind__startswith="publication.").order_by("sequence")
    for subject, body in events.values_list("subject", "body").iterator(chunk_size=1000):
        status = _data(body).get("status")
        if status:
            said[subject] = status
    for publication in Publication.objects.only("article_id", "number", "status", "title").iterator(chunk_size=500):
        expected = said.get(publication.subject)
        if expected != publication.status:
            yield Problem(_row(publication), f"its status is {publication.status}, the events say {expected}")


def rounds() -> Iterable[Problem]:
    """Each round has the rule and the digest that it was opened with, by which its quorum is judged, and their text."""
    events = AuditEvent.objects.filter(kind="round.opened").order_by("sequence").values_list("subject", "body")
    for some in batches(ReviewRound.objects.order_by("pk").iterator(chunk_size=500), 500):  # an event holds a rule
        opened = {subject: _data(body) for subject, body in events.filter(subject__in=[r.subject for r in some])}
        for round in some:
            said = opened.get(round.subject)
            if said is None or (said.get("digest"), said.get("rule")) != (round.digest, round.rule):
                yield Problem(f"reviews.ReviewRound {round.pk}", "its rule or digest isn't the one it was opened with")
            if round.snapshot and content.digest(round.snapshot) != round.digest:
                words = "its stored text doesn't give the digest that was signed"
                yield Problem(f"reviews.ReviewRound {round.pk}", words)


def prospects() -> Iterable[Problem]:
    """Each open round is marked unsatisfiable, or not, as its last event says."""
    kinds = ("round.unsatisfiable", "round.satisfiable_again")
    events = AuditEvent.objects.filter(kind__in=kinds).order_by("sequence").values_list("subject", "kind")
    said = dict(events.iterator(chunk_size=500))
    for round in ReviewRound.objects.filter(closed_at=None).order_by("pk").iterator(chunk_size=500):
        marked, expected = bool(round.unsatisfiable), said.get(round.subject) == "round.unsatisfiable"
        if marked != expected:
            words = "is marked unsatisfiable, the events don't say so" if marked else "isn't marked unsatisfiable"
            yield Problem(f"reviews.ReviewRound {round.pk}", words)


def personal_texts() -> Iterable[Problem]:
    """Each personal text that wasn't erased is the one that the chain is committed to."""
    committed = set()
    for body in AuditEvent.objects.filter(kind__in=COMMITTING).values_list("body", flat=True).iterator(chunk_size=500):
        data = _data(body)
        committed |= {data.get("details"), data.get("private_note"), data.get("note")}
    for text in PersonalText.objects.filter(erased_at=None).order_by("pk").iterator(chunk_size=500):
        if audit.commitment(text) not in committed:
            yield Problem(f"editorial.PersonalText {text.pk}", "it isn't the text that was written")


def carried() -> Iterable[Problem]:
    """Each carried review stands on a signature over the same text, in a withdrawn round under the same rule."""
    rows = Review.objects.exclude(carried_from=None).select_related("round", "carried_from__round")
    for review in rows.order_by("pk").iterator(chunk_size=500):
        first = review.carried_from
        here, there = (
            (row.member_id, row.digest, row.verdict, row.round.digest, row.round.article_id, row.round.rule)
            for row in (review, first)
        )
        before = first.round.number < review.round.number and first.round.outcome == RoundOutcome.WITHDRAWN
        if here != there or first.carried_from_id or not before:
            yield Problem(f"reviews.Review {review.pk}", "the signature it was carried from doesn't cover it")


def pages() -> Iterable[Problem]:
    """Each reader's page shows exactly its publication, and no page stands without one."""
    rows = Publication.objects.select_related("article").order_by("pk")
    found = partial(_readable, check=_page_problems)
    yield from ahead.each(rows.iterator(chunk_size=ahead.AT_ONCE), ahead.of_pages, found)
    for notice in PublicNotice.objects.exclude(uuid__in=Notice.objects.values("uuid")):
        yield Problem(f"PublicNotice {notice.pk}", "nobody issued this notice")
    for row, message in projection.differences_of_tables():
        yield Problem(row, message)


def seats() -> Iterable[Problem]:
    """Each seat that was given out still stands: a quorum waits for required seats."""
    made = AuditEvent.objects.filter(kind="assignment.made").values_list("subject", flat=True)
    standing = {f"assignment:{pk}" for pk in ReviewAssignment.objects.values_list("pk", flat=True)}
    for subject in made.iterator(chunk_size=1000):
        if subject not in standing:
            row = subject.partition(":")[2]
            yield Problem(f"reviews.ReviewAssignment {row}", "this seat was given out and is gone")


def comments() -> Iterable[Problem]:
    """Each comment that was made still stands, of the kind and as open as its events say."""
    kinds: dict[str, str] = {}
    closed: dict[str, bool] = {}
    events = AuditEvent.objects.filter(kind__startswith="comment.").order_by("sequence")
    for kind, subject, body in events.values_list("kind", "subject", "body").iterator(chunk_size=1000):
        kinds[subject] = _data(body).get("comment_kind", kinds.get(subject, ""))
        closed[subject] = kind in ("comment.resolved", "comment.withdrawn") or (
            closed.get(subject, False) and kind != "comment.reopened"
        )
    for comment in ReviewComment.objects.only("kind", "resolved_at").iterator(chunk_size=1000):
        row, said = f"reviews.ReviewComment {comment.pk}", kinds.pop(comment.subject, None)
        if said is None:
            yield Problem(row, "nobody made this comment")
        elif said != comment.kind or closed[comment.subject] != (not comment.is_open):
            yield Problem(row, "it isn't of the kind, or as open, as its events say")
    for subject in kinds:
        yield Problem(f"reviews.ReviewComment {subject.partition(':')[2]}", "this comment was made and is gone")


def of_publication(publication: Publication) -> Iterable[Problem]:
    """What the checks above say of one version."""
    yield from _readable(publication, _digest_problems)
    if publication.status == PublicationStatus.LIVE:
        yield from _readable(publication, _quorum_problems)
    yield from _readable(publication, _page_problems)


def _row(publication: Publication) -> str:
    return f"articles.Publication {publication.pk}"


def _page_problems(publication: Publication) -> Iterable[Problem]:
    for name in projection.differences(publication):
        yield Problem(f"PublicPage of {_row(publication)}", f"{name} isn't what was published")


def _readable(publication: Publication, check: Callable[[Publication], Iterable[Problem]]) -> list[Problem]:
    """What ``check`` finds; a publication whose stored values can't be read any more is a finding itself."""
    try:
        return list(check(publication))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        return [Problem(_row(publication), f"its stored values can't be read any more: {error!r}")]


def _data(body: str) -> dict[str, Any]:
    """An event's data; nothing where the body can't be read, which the walk of the chain reports."""
    try:
        return dict(json.loads(body)["data"])
    except (ValueError, KeyError, TypeError):
        return {}
