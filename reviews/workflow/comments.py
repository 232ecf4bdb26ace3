"""Comments on passages of a text under review: made, answered, resolved, applied."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import User
from editorial.text import clean
from editorial.verbs import record, save, verb
from reviews import comment_conditions, conditions, passages, texts
from reviews.models import ReviewComment
from reviews.workflow import drafts

Kind = ReviewComment.Kind
MOST_WORDS = 5_000
"""Characters of a comment, a reply, or what is to stand instead of a passage."""


@verb
def add_comment(
    article: Article,
    *,
    actor: User,
    now: datetime,
    kind: str,
    body: str = "",
    quote: str = "",
    place: str = "",
    position: int | None = None,
    replacement: str | None = None,
) -> ReviewComment:
    """Say something about a passage of the frozen text, or about all of it when ``quote`` is empty.

    ``replacement`` makes it a suggested change. Raises Refused when the passage isn't there, or could be several.
    """
    viewer = comment_conditions.viewer_of(article, actor)
    comment_conditions.may_comment(viewer).enforce()
    body = _words(body)
    _says_something(kind, body, quote, replacement)
    anchor = _anchor(article, quote, place, position)
    if anchor and replacement is not None and _words(replacement) == anchor.quote:
        raise Refused(_("The suggested change says the same as the passage."))
    round = viewer.round
    comment = ReviewComment.objects.create(
        article=article,
        round=round,
        author=actor,
        kind=kind,
        body=body,
        audience=anchor.place if anchor else "",
        quote=anchor.quote if anchor else "",
        position=anchor.position if anchor else 0,
        replacement=None if replacement is None else _words(replacement),
        digest=round.digest,
        made_at=now,
    )
    if viewer.seat is not None:
        drafts.drop(viewer.seat, "remark")
    _recorded("comment.made", comment, comment_kind=kind, digest=round.digest)
    return comment


def _says_something(kind: str, body: str, quote: str, replacement: str | None) -> None:
    if kind not in comment_conditions.OPENING:
        raise Refused(_("Choose whether it must be fixed, is a suggestion, or a question."))
    if not quote.strip() and replacement is not None:
        raise Refused(_("Say which passage the change is for: copy it into the form."))
    if not body and replacement is None:
        raise Refused(_("Write what you mean."))


@verb
def reply(article: Article, *, actor: User, now: datetime, comment: ReviewComment, body: str) -> ReviewComment:
    comment = _fresh(comment, article)
    comment_conditions.may_reply(comment, comment_conditions.viewer_of(article, actor)).enforce()
    return _reply(comment, actor, body, now=now)


@verb
def resolve(article: Article, *, actor: User, now: datetime, comment: ReviewComment, reason: str = "") -> ReviewComment:
    """Nothing is left to do about it. An editor who resolves another's must-fix says why, as a reply."""
    comment = _fresh(comment, article)
    comment_conditions.may_resolve(comment, comment_conditions.viewer_of(article, actor)).enforce()
    if comment.kind == Kind.MUST_FIX and comment.author_id != actor.pk and not reason.strip():
        raise Refused(_("Say why this must-fix is resolved; its maker reads it."))
    if reason.strip():
        _reply(comment, actor, reason, now=now)
    return _closed(comment, actor, now=now)


@verb
def reopen(article: Article, *, actor: User, now: datetime, comment: ReviewComment) -> ReviewComment:
    comment = _fresh(comment, article)
    comment_conditions.may_reopen(comment, comment_conditions.viewer_of(article, actor)).enforce()
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _recorded("comment.reopened", comment)
    return comment


@verb
def downgrade(article: Article, *, actor: User, now: datetime, comment: ReviewComment) -> ReviewComment:
    """A must-fix becomes a suggestion: approval no longer waits for it."""
    comment = _fresh(comment, article)
    comment_conditions.may_downgrade(comment, comment_conditions.viewer_of(article, actor)).enforce()
    comment.kind = Kind.SUGGESTION
    comment.save(update_fields=["kind"])
    _recorded("comment.downgraded", comment, comment_kind=comment.kind)
    return comment


@verb
def withdraw_comment(article: Article, *, actor: User, now: datetime, comment: ReviewComment) -> ReviewComment:
    """Its words are erased; that it was made and taken back stays on record."""
    comment = _fresh(comment, article)
    comment_conditions.may_withdraw(comment, comment_conditions.viewer_of(article, actor)).enforce()
    comment.body = comment.quote = ""
    comment.replacement = None
    comment.resolved_at, comment.resolved_by = now, actor
    comment.save(update_fields=["body", "quote", "replacement", "resolved_at", "resolved_by"])
    _recorded("comment.withdrawn", comment)
    return comment


@verb
def apply_suggestion(article: Article, *, actor: User, now: datetime, comment: ReviewComment) -> ReviewComment:
    """Put the suggested change into the text, as the act of whoever applies it: its maker stays eligible.

    Raises Refused (nothing written) unless exactly the passage that was meant is found word for word.
    """
    comment = _fresh(comment, article)
    comment_conditions.may_apply(comment, comment_conditions.viewer_of(article, actor)).enforce()
    anchor = passages.Anchor(comment.audience, comment.quote, comment.position)
    try:
        row, field = _written_at(article, comment)
        source = _replaced(article, comment, anchor, getattr(row, field))
        setattr(row, field, row._meta.get_field(field).clean(source, row))
    except passages.PassageError as error:
        raise Refused(str(error)) from None
    except ValidationError as error:
        raise Refused(
            _("The text can't be stored with this change: %(why)s") % {"why": " ".join(error.messages)}
        ) from None
    save(row, actor=actor, reason=f"applied comment {comment.pk}")
    comment.applied_at = now
    comment.save(update_fields=["applied_at"])
    record("comment.applied", comment.subject, article=str(article.uuid), place=comment.audience)
    return _closed(comment, actor, now=now)


def _replaced(article: Article, comment: ReviewComment, anchor: passages.Anchor, source: str) -> str:
    now = len(passages.occurrences(texts.of(article).get(anchor.place, ""), anchor.quote))
    before = texts.of_snapshot(comment.round.snapshot).get(anchor.place)
    then = now if before is None else len(passages.occurrences(before, anchor.quote))
    return passages.replaced(source, anchor, comment.replacement or "", now=now, then=then)


def _written_at(article: Article, comment: ReviewComment) -> tuple[Any, str]:
    if comment.audience in (texts.TITLE, texts.SHORT_ANSWER):
        return article, comment.audience
    variant = article.variants.filter(audience=comment.audience).first()
    if variant is None:
        raise passages.PassageError(_("The text that this passage stood in is gone."))
    return variant, "body"


def _anchor(article: Article, quote: str, place: str, position: int | None) -> passages.Anchor | None:
    if not quote.strip():
        return None
    try:
        return passages.find(texts.of(article), quote, place=place, position=position)
    except passages.PassageError as error:
        raise Refused(str(error)) from None


def _reply(comment: ReviewComment, actor: User, body: str, *, now: datetime) -> ReviewComment:
    body = _words(body)
    if not body:
        raise Refused(_("Write what you mean."))
    made = ReviewComment.objects.create(
        article=comment.article,
        round=conditions.open_round_of(comment.article) or comment.round,
        author=actor,
        parent=comment,
        kind=Kind.REPLY,
        body=body,
        digest=comment.digest,
        made_at=now,
    )
    _recorded("comment.made", made, comment_kind=made.kind, reply_to=comment.subject)
    return made


def _closed(comment: ReviewComment, actor: User, *, now: datetime) -> ReviewComment:
    comment.resolved_at, comment.resolved_by = now, actor
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _recorded("comment.resolved", comment)
    return comment


def _words(text: str) -> str:
    """Raises Refused for what no text field keeps, and for a flood."""
    try:
        text = clean(text).strip()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    if len(text) > MOST_WORDS:
        raise Refused(
            _("This has %(count)s characters; %(most)s fit into a comment.") % {"count": len(text), "most": MOST_WORDS}
        )
    return text


def _fresh(comment: ReviewComment, article: Article) -> ReviewComment:
    """The comment as it stands under the article's lock."""
    row = ReviewComment.objects.select_related("round", "author", "parent").get(pk=comment.pk)
    if row.article_id != article.pk:
        raise Refused(_("This comment belongs to another article."))
    row.article = article
    return row


def _recorded(kind: str, comment: ReviewComment, **data: Any) -> None:
    """Who did what to which comment; its words stay out of the chain, so that they can be erased."""
    record(kind, comment.subject, article=str(comment.article.uuid), round=comment.round.number, **data)
