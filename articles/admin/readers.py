"""“From readers”: what they asked and reported, for editors alone, and what is done with each message."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
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
from articles.models import Article, PublicPage, ReaderMessage
from articles.states import PublicationStatus
from editorial import clock, registry
from editorial.admin.base import ByRole
from editorial.admin.verbs import ReasonForm, VerbForm, article_url, button, verb_page
from editorial.models import User
from editorial.registry import Panel, VerbSpec, add_panels, add_verb
from editorial.roles import is_editor

LABEL = "articles.ReaderMessage"
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


class DraftForm(VerbForm):
    title = forms.CharField(
        label=_("Title"), required=False, max_length=500, help_text=_("The question as the article will ask it.")
    )


class AnswerForm(VerbForm):
    answered_by = forms.CharField(
        label=_("Which article answers it"),
        max_length=300,
        help_text=_("The address of an article on this site, or the last part of it."),
    )

    def clean_answered_by(self) -> Article:
        """Only what readers have can answer them."""
        slug = self.cleaned_data["answered_by"].strip().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
        live = Article.objects.filter(publications__slug=slug, publications__status=PublicationStatus.LIVE)
        found = live.distinct().first()
        if found is None:
            raise forms.ValidationError(_("No article on the site has this address."))
        return found


class SettleForm(VerbForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=list(reader_messages.OUTCOMES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the other editors. It is deleted together with the message."),
    )


class CloseForm(ReasonForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the other editors. It is deleted together with the message."),
    )


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


def _offer(name: str, label: Any, form: type[VerbForm], run: Any, *, kinds: tuple[str, ...], **values: Any) -> None:
    """``kinds``: the messages it is for; handled ones are only reopened."""

    def visible(message: ReaderMessage, user: User) -> bool:
        return is_editor(user) and message.kind in kinds and message.is_open == (name != "reopen")

    values.setdefault("condition", reader_messages.may_handle)
    add_verb(LABEL, VerbSpec(name=name, label=label, run=run, form=lambda m, u: form, visible=visible, **values))


def _to_the_draft(message: ReaderMessage, user: User) -> str:
    made = ReaderMessage.objects.select_related("article").get(pk=message.pk).article
    return article_url(made) if made else ""


QUESTION, ERROR = (ReaderMessage.Kind.QUESTION,), (ReaderMessage.Kind.ERROR,)
_offer(
    "draft",
    _("Make a draft of this question"),
    DraftForm,
    reader_messages.draft,
    kinds=QUESTION,
    then=_to_the_draft,
    consequences=lambda message: [
        _("Without a title of yours it is: “%(title)s”.") % {"title": reader_messages.title_of(message)},
        _("The message is handled and linked with the draft, which opens."),
    ],
    weight=10,
)
_offer("answer", _("Answered by an article"), AnswerForm, reader_messages.answer, kinds=QUESTION, weight=20)
_offer("settle", _("Record the outcome"), SettleForm, reader_messages.settle, kinds=ERROR, weight=20)
_offer("close", _("Nothing to do"), CloseForm, reader_messages.close, kinds=(*QUESTION, *ERROR), weight=30)
_offer(
    "reopen",
    _("Open it again"),
    VerbForm,
    reader_messages.reopen,
    kinds=(*QUESTION, *ERROR),
    condition=reader_messages.may_reopen,
    weight=40,
)

add_panels(reports_panel)
admin.site.register(ReaderMessage, Messages)
