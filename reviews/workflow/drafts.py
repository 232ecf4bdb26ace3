"""What a member has written and not signed: kept while they are away, and kept as a comment when they came late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import record, verb
from reviews import conditions
from reviews.models import ReviewAssignment, ReviewComment, ReviewDraft
from reviews.workflow.seating import fresh, tell_editor

KEPT = ("verdict", "comment", "private_note", "checklist")
"""What a draft holds; never a password."""


@verb
def save_draft(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, data: Mapping[str, Any]
) -> ReviewDraft:
    """Keep what the member has written so far. Nothing is signed, and nobody else sees it."""
    assignment = fresh(assignment, article)
    conditions.may_review(assignment, actor).enforce()
    if not hasattr(assignment, "declaration"):
        raise Refused(_("Declare your interests first; “none” is an answer."))
    kept = {name: data[name] for name in KEPT if data.get(name)}
    draft, _made = ReviewDraft.objects.update_or_create(assignment=assignment, defaults={"data": kept, "saved_at": now})
    return draft


@verb
def keep_late(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    verdict_label: str,
    comment: str,
    private_note: str = "",
) -> ReviewComment | None:
    """A review that came after the round had closed: no verdict any more, but its words are kept as a comment.

    The author reads it without the name; the private note goes to the article's editors alone.
    """
    assignment = fresh(assignment, article)
    conditions.may_come_late(assignment, actor).enforce()
    kept = _as_comment(assignment, verdict_label, comment.strip(), now=now) if comment.strip() else None
    if kept or private_note.strip():
        sentence = _("%(who)s sent a review of “%(title)s” after the round had closed; it is kept as a comment.")
        if private_note.strip():
            sentence = f"{sentence} {_('For the editors alone:')} {private_note.strip().replace('%', '%%')}"
        tell_editor(article, sentence, who=actor, now=now)
    ReviewDraft.objects.filter(assignment=assignment).delete()
    return kept


def _as_comment(assignment: ReviewAssignment, verdict_label: str, comment: str, *, now: datetime) -> ReviewComment:
    round, author = assignment.round, assignment.member.user
    body = f"({verdict_label})\n\n{comment}" if verdict_label else comment
    before = round.comments.filter(author=author, kind=ReviewComment.Kind.LATE, body=body).first()
    if before:
        return before
    kept = ReviewComment.objects.create(
        article=round.article,
        round=round,
        author=author,
        kind=ReviewComment.Kind.LATE,
        body=body,
        digest=round.digest,
        made_at=now,
    )
    record("comment.made", kept.subject, article=str(round.article.uuid), round=round.number, comment_kind=kept.kind)
    return kept
