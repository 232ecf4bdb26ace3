"""Comments on an article as a page shows them to one person: what they may see, under which names."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.models import Article
from editorial.models import User
from reviews import comment_conditions, passages, texts
from reviews.comment_conditions import Viewer
from reviews.models import ReviewAssignment, ReviewComment
from reviews.panel import reviewer_numbers

Kind = ReviewComment.Kind
LABELS = {
    Kind.MUST_FIX: _("Must fix"),
    Kind.SUGGESTION: _("Suggestion"),
    Kind.QUESTION: _("Question"),
    Kind.LATE: _("Came after the decision"),
    Kind.REPLY: _("Reply"),
}
PARTS = ("open", "gone", "resolved", "late")
TONES = {Kind.MUST_FIX: "bad", Kind.SUGGESTION: "info", Kind.QUESTION: "plain", Kind.LATE: "warn"}


def seen_by(article: Article, viewer: Viewer, *, standing: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All comments that ``viewer`` may see, by what is to be done with them.

    ``standing`` is the text by its places, where the caller has it; a passage that isn't in it any more says so.
    """
    rows = ReviewComment.objects.filter(article=article).select_related("author", "resolved_by", "round", "parent")
    replies: dict[int, list[ReviewComment]] = defaultdict(list)
    tops: list[ReviewComment] = []
    for row in rows:
        row.article = article
        if not comment_conditions.may_see(row, viewer):
            continue
        if row.parent_id:
            replies[row.parent_id].append(row)
        else:
            tops.append(row)
    if not tops:
        return {**{part: [] for part in PARTS}, "count": 0, "must_fix": 0}
    names = _Names(article, viewer)
    standing = texts.of(article) if standing is None else standing
    shown = [_shown(row, replies[row.pk], viewer, names, standing) for row in tops]
    return {
        "open": [c for c in shown if c["open"] and c["stands"] and c["kind"] != Kind.LATE],
        "gone": [c for c in shown if c["open"] and not c["stands"] and c["kind"] != Kind.LATE],
        "resolved": [c for c in shown if not c["open"]],
        "late": [c for c in shown if c["kind"] == Kind.LATE],
        "count": sum(c["open"] and c["kind"] != Kind.LATE for c in shown),
        "must_fix": sum(c["open"] and c["kind"] == Kind.MUST_FIX for c in shown),
    }


class _Names:
    """Who made a comment, as this viewer may know it: authors read “Reviewer 2, rheumatology”."""

    def __init__(self, article: Article, viewer: Viewer) -> None:
        self.viewer = viewer
        self.seats: dict[tuple[int, int], str] = {}
        self.reviewers: dict[int, str] = {}
        rows = ReviewAssignment.objects.filter(round__article=article).select_related("member__user", "specialty")
        by_round: dict[int, list[ReviewAssignment]] = defaultdict(list)
        for seat in rows.order_by("pk"):
            by_round[seat.round_id].append(seat)
        for round, seats in by_round.items():
            numbers = reviewer_numbers(seats)
            for seat in seats:
                specialty = f", {seat.specialty.name.lower()}" if seat.specialty else ""
                self.seats[round, seat.member.user_id] = f"{_('Reviewer')} {numbers[seat.member_id]}{specialty}"
                self.reviewers[seat.member.user_id] = f"{_('A reviewer')}{specialty}"

    def of(self, user: User | None, round: int) -> str:
        if user is None:
            return ""
        if user.pk == self.viewer.user.pk:
            return str(_("You"))
        if self.viewer.author and user.pk in self.reviewers:
            return self.seats.get((round, user.pk), self.reviewers[user.pk])
        return user.shown_name


def _shown(
    row: ReviewComment, replies: Iterable[ReviewComment], viewer: Viewer, names: _Names, standing: Mapping[str, str]
) -> dict[str, Any]:
    anchor = passages.Anchor(row.audience, row.quote, row.position)
    earlier = viewer.round is not None and row.round_id != viewer.round.pk
    return {
        "pk": row.pk,
        "request_id": uuid.uuid4(),
        "kind": row.kind,
        "kind_label": LABELS[Kind(row.kind)],
        "tone": TONES.get(Kind(row.kind), "plain"),
        "who": names.of(row.author, row.round_id),
        "made_at": row.made_at,
        "body": row.body,
        "quote": row.quote,
        "audience": row.audience,
        "position": row.position,
        "place": texts.PLACES.get(row.audience, "") if row.quote else "",
        "replacement": row.replacement,
        "round": row.round.number if earlier else None,
        "open": row.is_open,
        "stands": not row.quote or passages.stands(standing, anchor),
        "applied": row.applied_at is not None,
        "withdrawn": comment_conditions.is_withdrawn(row),
        "resolved_at": row.resolved_at,
        "resolved_by": names.of(row.resolved_by, row.round_id),
        "replies": [
            {"who": names.of(r.author, r.round_id), "made_at": r.made_at, "body": r.body} for r in replies if r.body
        ],
        "may": {
            "reply": bool(comment_conditions.may_reply(row, viewer)),
            "resolve": bool(comment_conditions.may_resolve(row, viewer)),
            "reason": row.kind == Kind.MUST_FIX and row.author_id != viewer.user.pk,
            "reopen": bool(comment_conditions.may_reopen(row, viewer)),
            "downgrade": bool(comment_conditions.may_downgrade(row, viewer)),
            "withdraw": bool(comment_conditions.may_withdraw(row, viewer)),
            "apply": bool(comment_conditions.may_apply(row, viewer)),
        },
    }
