"""What was said about the text: comments made and resolved, each at its own instant."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case as Choice
from django.db.models import F, Q, When
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from editorial.models import User
from reviews.comment_conditions import is_withdrawn
from reviews.discussion import LABELS
from reviews.models import ReviewComment
from reviews.timeline import words
from reviews.timeline.case import Case
from reviews.timeline.entries import COMMENTS, Entry, Span

LONGEST = 160
"""Characters of a passage or of a comment that the timeline shows; all of it stands with the comments."""

MADE, RESOLVED = 0, 1


def of(case: Case, span: Span, group: str) -> list[Entry]:
    """Each comment gives up to two entries, so a row is found by the newest of its instants that the span holds."""
    if group not in ("", words.COMMENTS):
        return []
    rows = ReviewComment.objects.filter(_seen(case), article=case.article).select_related("author", "resolved_by")
    if span.at is not None:
        rows = rows.filter(Q(made_at=span.at) | Q(resolved_at=span.at)).order_by("-pk")
    elif span.before is not None:
        at = span.before[0]
        latest = Choice(When(resolved_at__lte=at, then=F("resolved_at")), default=F("made_at"))
        rows = rows.filter(made_at__lte=at).annotate(latest=latest).order_by("-latest", "-pk")
    else:
        latest = Choice(When(resolved_at__isnull=False, then=F("resolved_at")), default=F("made_at"))
        rows = rows.annotate(latest=latest).order_by("-latest", "-pk")
    # twice the size: rows of the very instant at which the page before ended may be on it already
    found = [entry for row in rows[: 2 * span.size] for entry in _entries(case, row) if span.holds(entry.key)]
    return sorted(found, key=lambda entry: entry.key, reverse=True)[: span.size]


def _seen(case: Case) -> Q:
    """Authors and editors see all; whoever judges the text and hasn't signed, their own."""
    if case.is_named or case.user.pk in case.authors:
        return Q()
    return Q(author=case.user) | Q(parent__author=case.user)


def _entries(case: Case, row: ReviewComment) -> Iterator[Entry]:
    yield _entry(case, row, row.made_at, MADE, row.author, str(LABELS[ReviewComment.Kind(row.kind)]), _words(row))
    if row.resolved_at is not None and row.resolved_by is not None:
        title = _("Suggested change applied") if row.applied_at else _("Comment resolved")
        title = _("Comment withdrawn") if is_withdrawn(row) else title
        yield _entry(case, row, row.resolved_at, RESOLVED, row.resolved_by, title, _passage(row))


def _entry(case: Case, row: ReviewComment, at: datetime, phase: int, who: User, title: str, said: str) -> Entry:
    return Entry(
        key=(at, COMMENTS, 2 * row.pk + phase),
        group=words.COMMENTS,
        title=title,
        who=case.shown(who, round=row.round_id, edits=True),
        detail=said,
    )


def _words(row: ReviewComment) -> str:
    if is_withdrawn(row):
        return _("Its words were erased when it was withdrawn.")
    return _passage(row) + (Truncator(row.body).chars(LONGEST) if row.body else "")


def _passage(row: ReviewComment) -> str:
    return _("On “%(quote)s”. ") % {"quote": Truncator(row.quote).chars(LONGEST)} if row.quote else ""
