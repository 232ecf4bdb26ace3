"""“From readers”: what they asked and reported, for editors alone, and what is done with each message."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from articles import questions, reader_messages
from articles.admin.reader_offers import LABEL
from articles.models import Article, PublicPage, ReaderMessage
from editorial import clock, registry
from editorial.admin.base import ByRole
from editorial.admin.verbs import article_url, button, verb_page
from editorial.models import User
from editorial.registry import Panel, add_panels
from editorial.roles import is_editor

HIGHEST = 10**18


class OpenOnes(admin.EmptyFieldListFilter):
    """Messages that wait, and handled ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("state")

    def choices(self, changelist: Any) -> Iterable[dict[str, Any]]:
        labels = (_("All"), _("Open"), _("Handled"))
        for label, choice in zip(labels, super().choices(changelist), strict=True):
            yield {**choice, "display": label}


class Messages(ByRole):
    list_display = ("excerpt", "kind_badge", "about", "age", "state")
    list_display_links = ("excerpt",)
    list_filter = (("handled_at", OpenOnes), "kind")
    search_fields = ("text", "slug")
    search_help_text = _("Words of the message, or an article's address.")
    ordering = (F("handled_at").desc(nulls_first=True), "received_at")
    change_list_template = "admin/articles/readermessage/change_list.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        current = PublicPage.objects.filter(slug=OuterRef("slug"), is_current=True)
        return super().get_queryset(request).annotate(about_title=Subquery(current.values("title")[:1]))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<int:pk>/verb/<slug:name>/", view, name="articles_readermessage_verb"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One message with what can be done with it; it is changed by verbs alone."""
        message = self._message(request, int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0)
        article = reader_messages.article_of(message)
        context = self.admin_site.page_context(
            request,
            title=message.get_kind_display(),
            message=message,
            age=_age(message),
            verbs=_buttons(message, request.user),
            article=article,
            article_url=article_url(article) if article else "",
            linked=message.article if message.article_id != (article.pk if article else None) else None,
            linked_url=article_url(message.article) if message.article_id else "",
            re_review=_re_review(article, request.user) if article else "",
            alike=_alike(message),
            draft=_one_click(message, request.user),
        )
        return TemplateResponse(request, "admin/articles/readermessage/message.html", context)

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """The page that asks before one verb runs."""
        message = self._message(request, pk)
        back = _url(message)
        shown = {
            "title": Truncator(message.text).chars(80),
            "state": "",
            "state_label": message.stamp_label,
            "url": back,
            "back": _("Back to the message"),
        }
        return verb_page(request, message, registry.find_verb(LABEL, name), shown=shown, back=back)

    def _message(self, request: HttpRequest, pk: int) -> ReaderMessage:
        rows = ReaderMessage.objects.select_related("handled_by", "article")
        message = rows.filter(pk=pk).first() if is_editor(request.user) and 0 < pk < HIGHEST else None
        if message is None:
            raise Http404
        return message

    @admin.display(description=_("message"))
    def excerpt(self, message: ReaderMessage) -> str:
        return Truncator(" ".join(message.text.split())).chars(140)

    @admin.display(description=_("kind"))
    def kind_badge(self, message: ReaderMessage) -> str:
        tone = "warn" if message.kind == ReaderMessage.Kind.ERROR else "info"
        return format_html('<span class="badge badge--{}">{}</span>', tone, message.get_kind_display())

    @admin.display(description=_("article"))
    def about(self, message: Any) -> str:
        return message.about_title or message.slug or "–"

    @admin.display(description=_("received"))
    def age(self, message: ReaderMessage) -> str:
        return _age(message)

    @admin.display(description=_("state"))
    def state(self, message: ReaderMessage) -> str:
        return Truncator(message.outcome or message.stamp_label).chars(60)


def reports_panel(article: Article, user: User) -> Iterable[Panel]:
    """On an article's page, for editors: how many readers reported an error and wait for somebody to look."""
    if not is_editor(user) or not article.slug:
        return
    reports = ReaderMessage.objects.filter(handled_at=None, kind=ReaderMessage.Kind.ERROR, slug=article.slug)
    count = reports.count()
    if count:
        listed = reverse("admin:articles_readermessage_changelist")
        url = f"{listed}?q={article.slug}&kind__exact=error&handled_at__isempty=1"
        yield Panel("admin/articles/readermessage/panel.html", {"count": count, "url": url}, rank=15)


def _age(message: ReaderMessage) -> str:
    now = clock.now()
    if (now - message.received_at).total_seconds() < 60:
        return _("Just now")
    return _("%(time)s ago") % {"time": timesince(message.received_at, now, depth=1)}


def _url(message: ReaderMessage) -> str:
    return reverse("admin:articles_readermessage_change", args=[message.pk])


def _buttons(message: ReaderMessage, user: User) -> list[dict[str, Any]]:
    offered = [spec for spec in registry.verbs_for(LABEL) if spec.visible(message, user)]
    address = "admin:articles_readermessage_verb"
    return [button(spec, message, user, reverse(address, args=[message.pk, spec.name])) for spec in offered]


def _one_click(message: ReaderMessage, user: User) -> dict[str, Any] | None:
    """The form that makes a draft without another page in between."""
    if message.kind != ReaderMessage.Kind.QUESTION or not reader_messages.may_handle(message, user):
        return None
    url = reverse("admin:articles_readermessage_verb", args=[message.pk, "draft"])
    title = reader_messages.title_of(message)
    return {"url": url, "title": title, "stamp": message.stamp, "request_id": uuid.uuid4()}


def _alike(message: ReaderMessage) -> list[questions.Alike]:
    """Articles that likely ask the same."""
    asks = message.is_open and message.kind == ReaderMessage.Kind.QUESTION
    return questions.like(reader_messages.title_of(message)) if asks else []


def _re_review(article: Article, user: User) -> str:
    """Where the board is asked to confirm the article, if this editor may ask now."""
    spec = registry.find_verb("articles.Article", "re_review")
    if spec is None or not spec.visible(article, user) or not spec.condition(article, user):
        return ""
    return reverse("admin:articles_article_verb", args=[article.pk, spec.name])


add_panels(reports_panel)
admin.site.register(ReaderMessage, Messages)
