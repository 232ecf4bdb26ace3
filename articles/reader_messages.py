"""What editors do with what readers sent. The record says who did what with which message, never a word of it."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import conditions, workflow
from articles.models import Article, Publication, ReaderMessage
from articles.models.public import KEPT_DAYS
from editorial.conditions import YES, Condition, unless
from editorial.models import Notification, User
from editorial.roles import Role
from editorial.verbs import record, verb, work

NEWS = "reader_messages"
MOST_TITLE = 200
BATCH = 1000

OUTCOMES = {
    "mended": gettext_lazy("It was right: the article is being mended"),
    "unchanged": gettext_lazy("Looked into: the text stands as it is"),
    "known": gettext_lazy("Known already"),
}


def may_handle(message: ReaderMessage, user: User) -> Condition:
    """Editors; of an article that they wrote themselves another one."""
    return (
        conditions.editor_only(user)
        & unless(message.is_open, _("Somebody has handled this message already."))
        & _no_judge_of_their_own(message, user)
    )


def may_reopen(message: ReaderMessage, user: User) -> Condition:
    return conditions.editor_only(user) & unless(not message.is_open, _("This message is open."))


def may_delete(message: ReaderMessage, user: User) -> Condition:
    return conditions.editor_only(user)


def article_of(message: ReaderMessage) -> Article | None:
    """The article that it was sent from."""
    if not message.slug:
        return None
    published = Publication.objects.filter(slug=message.slug).order_by("-number")
    return Article.objects.filter(pk__in=published.values("article")[:1]).first()


def title_of(message: ReaderMessage) -> str:
    """Its first question, as a draft's title; else its beginning."""
    text = " ".join(message.text.split())
    asked = re.match(r"[^?]{3,}?\?", text)
    words = asked[0] if asked else text
    sentences = re.split(r"(?<=[.!])\s+(?=\S)", words)
    title = sentences[-1] if asked else sentences[0]
    return title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


@verb
def draft(message: ReaderMessage, *, actor: User, now: datetime, title: str = "") -> ReaderMessage:
    """Make an article of the question. It is nobody's yet: whoever writes it is its author."""
    may_handle(message, actor).enforce()
    article = workflow.create(actor=actor, now=now, title=title.strip() or title_of(message), records_title=False)
    return _handled(message, actor, now, "drafted", _("Made a draft of it"), article)


@verb
def answer(message: ReaderMessage, *, actor: User, now: datetime, answered_by: Article) -> ReaderMessage:
    """What was asked is answered by an article that readers have."""
    may_handle(message, actor).enforce()
    return _handled(message, actor, now, "answered", _("Answered by an article"), answered_by)


@verb
def settle(message: ReaderMessage, *, actor: User, now: datetime, outcome: str, note: str = "") -> ReaderMessage:
    """What came of an error report."""
    may_handle(message, actor).enforce()
    words = ". ".join(part for part in (str(OUTCOMES[outcome]), note.strip()) if part)
    return _handled(message, actor, now, "settled", words, article_of(message), outcome=outcome)


@verb
def close(message: ReaderMessage, *, actor: User, now: datetime, reason: str) -> ReaderMessage:
    """Nothing to do, for a reason that stays with the message."""
    may_handle(message, actor).enforce()
    return _handled(message, actor, now, "closed", _("Nothing to do: %(why)s") % {"why": reason}, article_of(message))


@verb
def reopen(message: ReaderMessage, *, actor: User, now: datetime) -> ReaderMessage:
    """Take it up again; a draft that was made of it stays."""
    may_reopen(message, actor).enforce()
    message.handled_at, message.handled_by, message.outcome, message.article = None, None, "", None
    message.save(update_fields=["handled_at", "handled_by", "outcome", "article"])
    record("reader_message.reopened", message.subject, message_kind=message.kind)
    return message


@verb
def delete(message: ReaderMessage, *, actor: User, now: datetime) -> ReaderMessage:
    """Before its time, as its sender may ask for; what was made of it stays."""
    may_delete(message, actor).enforce()
    ReaderMessage.objects.filter(pk=message.pk).delete()
    record("reader_message.deleted", message.subject, message_kind=message.kind)
    return message


def tell_editors(*, now: datetime) -> int:
    """One unread notification an editor, however many messages came; a new one only once something new has come."""
    waiting = ReaderMessage.objects.filter(handled_at=None).aggregate(newest=Max("received_at"), count=Count("pk"))
    if not waiting["count"]:
        return 0
    said = ngettext("%(n)s message from readers waits.", "%(n)s messages from readers wait.", waiting["count"])
    path = reverse("admin:articles_readermessage_changelist")
    editors = User.objects.filter(groups__name__in=[Role.EDITOR, Role.CHIEF], is_active=True, kind=User.Kind.PERSON)
    editors = editors.distinct().exclude(pk__in=Notification.objects.filter(kind=NEWS, read_at=None).values("user"))
    told = Notification.objects.filter(kind=NEWS).values("user").annotate(last=Max("created_at"))
    knew = {row["user"] for row in told if row["last"] >= waiting["newest"]}
    fresh = [
        Notification(user=editor, kind=NEWS, text=said % {"n": waiting["count"]}, path=path, created_at=now)
        for editor in editors.order_by("pk")
        if editor.pk not in knew
    ]
    return len(Notification.objects.bulk_create(fresh))


def delete_old(*, now: datetime) -> int:
    """Delete every message older than 90 days, handled or not; the record says how many."""
    old = ReaderMessage.objects.filter(received_at__lt=now - timedelta(days=KEPT_DAYS))
    count = 0
    while pks := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            count += ReaderMessage.objects.filter(pk__in=pks).delete()[0]
    if count:
        with work(actor=User.system(), now=now):
            record("reader_messages.deleted", "reader_messages", count=count, older_than_days=KEPT_DAYS)
    return count


def _no_judge_of_their_own(message: ReaderMessage, user: User) -> Condition:
    article = article_of(message)
    return conditions.no_author(wrote=conditions.wrote(article, user)) if article else YES


def _handled(
    message: ReaderMessage, actor: User, now: datetime, event: str, said: str, article: Article | None, **data: Any
) -> ReaderMessage:
    message.handled_at, message.handled_by, message.outcome, message.article = now, actor, said, article
    message.save(update_fields=["handled_at", "handled_by", "outcome", "article"])
    about = {"article": str(article.uuid)} if article else {}
    record(f"reader_message.{event}", message.subject, message_kind=message.kind, **about, **data)
    return message
