"""What a member has written and not signed: kept while they are away, and kept as a comment when they came late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article
from editorial.conditions import MovedOn, Refused
from editorial.models import User
from editorial.verbs import record, verb
from reviews import conditions
from reviews.models import ReviewAssignment, ReviewComment, ReviewDraft
from reviews.workflow.seating import fresh, tell_editor

KEPT = ("verdict", "comment", "private_note", "checklist", "remark")
"""What a draft holds; never a password. ``remark`` is a comment on a passage that isn't made yet."""


DECISION = ("verdict", "comment", "private_note", "checklist")
"""What of a draft becomes the review."""


@verb
def save_draft(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, data: Mapping[str, Any]
) -> ReviewDraft:
    """Keep what the member has written so far. Nothing is signed, and nobody else sees it."""
    assignment = _writing(article, assignment, actor)
    before = draft_of(assignment)
    data = {"remark": before.data.get("remark") if before else None, **data}
    return _kept(assignment, {name: data[name] for name in KEPT if data.get(name)}, now=now)


@verb
def keep_typed(
    article: Article,
    *,
    actor: User,
    now: datetime,
    assignment: ReviewAssignment,
    data: Mapping[str, Any],
    window: str,
    since: str,
) -> ReviewDraft | None:
    """Keep all that stands in a page while its member writes; nothing written keeps nothing, and frees the seat again.

    ``window`` names the opened page and ``since`` the draft that it opened with (``version_of``): what was written in
    another window meanwhile is never overwritten, but raises MovedOn.
    """
    assignment = _writing(article, assignment, actor)
    before = draft_of(assignment)
    if before and before.data.get("window") != window and version_of(before) != since:
        raise MovedOn(_("You went on writing in another window or on another device. That is kept, and this isn't."))
    kept = {name: data[name] for name in KEPT if data.get(name)}
    if kept:
        return _kept(assignment, {**kept, "window": window}, now=now)
    if before:
        before.delete()
    return None


def draft_of(assignment: ReviewAssignment) -> ReviewDraft | None:
    return ReviewDraft.objects.filter(assignment=assignment).first()


def version_of(draft: ReviewDraft | None) -> str:
    """Changes whenever something is kept; empty where nothing is."""
    return draft.saved_at.isoformat() if draft else ""


def drop(assignment: ReviewAssignment, *parts: str) -> None:
    """These parts of the draft became something else, or are void; the rest stays as it was."""
    draft = getattr(assignment, "draft", None)
    if draft is None:
        return
    draft.data = {name: value for name, value in draft.data.items() if name not in parts}
    if any(name in KEPT for name in draft.data):
        draft.save(update_fields=["data"])
    else:
        draft.delete()


def _writing(article: Article, assignment: ReviewAssignment, actor: User) -> ReviewAssignment:
    """The seat, if its holder may write a review on it now."""
    assignment = fresh(assignment, article)
    conditions.may_review(assignment, actor).enforce()
    if not hasattr(assignment, "declaration"):
        raise Refused(_("Declare your interests first; “none” is an answer."))
    return assignment


def _kept(assignment: ReviewAssignment, data: dict[str, Any], *, now: datetime) -> ReviewDraft:
    draft, _made = ReviewDraft.objects.update_or_create(assignment=assignment, defaults={"data": data, "saved_at": now})
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
    drop(assignment, *DECISION)
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
