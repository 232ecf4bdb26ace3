from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import conditions, content, drafts, live, page_variants, proposals, questions, snapshots, workflow
from articles.admin.editing import KeepsText
from articles.admin.filters import WhoeverHandles
from articles.admin.forms import ArticleForm, CitationForm
from articles.models import AIContribution, Article, AudienceVariant, Citation
from articles.states import stepper
from editorial import clock, leaves, registry
from editorial.admin.base import Historied, InlineByRole
from editorial.admin.verbs import article_url, button, verb_page
from editorial.roles import Role, is_author, is_editor
from editorial.verbs import record, work

CONTENT = ("title", "short_answer")
ABOUT = ("topics", "byline", "funding", "origin", ("language", "region"))
PEOPLE = ("authors", "products", "sponsors")
REVISION = ("change_note", "conclusions_changed")
TIMES = ("literature_current_to", "publish_not_before")


class VariantInline(InlineByRole, admin.StackedInline):
    model = AudienceVariant
    verbose_name, verbose_name_plural = _("text for an audience"), _("Text")
    min_num = 1


class CitationInline(InlineByRole, admin.StackedInline):
    model = Citation
    form = CitationForm
    autocomplete_fields = ("reference",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("reference")

    fieldsets = (
        (None, {"fields": (("key", "reference"),)}),
        (
            _("Quote, or why a retracted source is cited"),
            {"fields": ("supporting_quote", "cited_because_retracted", "rationale"), "classes": ("collapse",)},
        ),
    )


class ContributionInline(InlineByRole, admin.StackedInline):
    model = AIContribution
    verbose_name, verbose_name_plural = _("use of AI"), _("Use of AI")


class Articles(KeepsText, Historied):
    form = ArticleForm
    viewers = frozenset({Role.EDITOR, Role.AUTHOR})
    keepers = frozenset({Role.EDITOR, Role.AUTHOR})
    list_display = ("title", "state_badge", "risk_tier", "specialty", "handling_editor", "state_since")
    list_filter = ("state", "risk_tier", "specialty", ("handling_editor", WhoeverHandles))
    list_select_related = ("specialty", "handling_editor")
    search_fields = ("title", "slug")
    date_hierarchy = None
    autocomplete_fields = ("topics", "authors")
    inlines = (VariantInline, CitationInline, ContributionInline)
    change_form_template = "admin/articles/article/change_form.html"
    change_list_template = "admin/articles/article/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(abandoned_at=None)
        if getattr(request, "shows_article", False):
            rows = rows.select_related("specialty", "handling_editor").prefetch_related("sources", "authors", "topics")
        else:
            rows = rows.defer("frozen_snapshot", "frozen_html")
        return rows if is_editor(request.user) else rows.filter(authors=request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The whole row, read once for a page that only shows it."""
        kept = getattr(request, "shows_article", None)
        if request.method == "GET" and kept is not None and kept[0] == (object_id, from_field):
            return kept[1]
        request.shows_article = ((object_id, from_field), None)
        row = super().get_object(request, object_id, from_field)
        request.shows_article = ((object_id, from_field), row)
        return row

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_view_permission(request, obj)
        return allowed and (obj is None or conditions.may_see(obj, request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A form sent while the text was frozen is answered by the form itself, with the text still in it."""
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        if request.method == "POST":
            return bool(conditions.author_or_editor(obj, request.user))
        return bool(conditions.may_edit(obj, request.user))

    def get_actions(self, request: HttpRequest) -> Any:
        """What other apps do with the articles that were ticked."""
        offered = [one for one in registry.actions_for("articles.Article") if one.visible(request.user)]
        return {**super().get_actions(request), **{one.name: (one.run, one.name, one.label) for one in offered}}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        people = PEOPLE if is_editor(request.user) else PEOPLE[1:]
        text = (*CONTENT, "edit_stamp") if obj and self.has_change_permission(request, obj) else CONTENT
        revises = obj is not None and conditions.has_versions(obj)
        return (
            (None, {"fields": text}),
            *([(_("What changed"), {"fields": REVISION})] if revises else []),
            (_("About it"), {"fields": ABOUT}),
            (_("People and interests"), {"fields": people, "classes": ("collapse",)}),
            (_("Dates"), {"fields": TIMES, "classes": ("collapse",)}),
        )

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/verb/<slug:name>/", self.admin_site.admin_view(self.verb_view), name="articles_article_verb"
        )
        return [own, *super().get_urls()]

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """The confirmation page of one verb."""
        article = Article.objects.filter(pk=pk).first()
        if article is None:
            raise Http404
        spec = registry.find_verb("articles.Article", name)
        seen = conditions.may_see(article, request.user)
        back = article_url(article) if seen and name != "abandon" else "/admin/"
        return verb_page(request, article, spec, shown=shown(article) if seen else published(article), back=back)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            questions.keep(obj)
            return
        with work(actor=request.user):
            now = clock.now()
            obj.slug = workflow.free_slug(obj.title)
            obj.created_at = obj.state_since = now
            obj.created_by = request.user
            super().save_model(request, obj, form, change)
            questions.keep(obj)
            record("article.created", obj.subject, title=obj.title)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and is_author(request.user):
            form.instance.authors.add(request.user)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        article = self.get_object(request, object_id) if object_id else None
        if article is not None and isinstance(answer, TemplateResponse):
            answer.context_data = {**panels(article, request), **answer.context_data}
        return answer

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, article: Article) -> str:
        return format_html('<span class="badge badge--state-{}">{}</span>', article.state, article.state_label)


def published(article: Article) -> dict[str, Any]:
    """For whoever may act on the page but not see the article: what readers have of it."""
    current = conditions.current_publication(article)
    return {
        "title": current.title if current else "",
        "state": "live",
        "state_label": _("On the site"),
        "url": "/admin/",
    }


def shown(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "state": article.state,
        "state_label": article.state_label,
        "url": article_url(article),
    }


def reading(article: Article) -> dict[str, Any]:
    """The frozen text as its readers will see it."""
    values = content.parse(article.frozen_snapshot)
    variants = [
        page_variants.variant_of(variant, article.frozen_html, values["citations"]) for variant in values["variants"]
    ]
    return {"short_answer": values["short_answer"], "variants": variants}


def panels(article: Article, request: HttpRequest) -> dict[str, Any]:
    """What the article's page shows around the form: state, buttons, findings, and what other apps add."""
    today = clock.now().date()
    frozen = bool(article.frozen_snapshot)
    beside = None if frozen else live.as_stored(article, today=today, user=request.user)
    found = snapshots.frozen_findings(article, today=today) if frozen else beside["blocking"] + beside["advice"]
    offers = [spec for spec in registry.verbs_for("articles.Article") if spec.visible(article, request.user)]
    buttons = [button(spec, article, request.user, f"../verb/{spec.name}/") for spec in offers]
    current, base = conditions.current_publication(article), proposals.base_of(article)
    return {
        "article": article,
        "steps": stepper(article.state),
        "verbs": [b for b in buttons if not b["refusal"]],
        "refused_verbs": [b for b in buttons if b["refusal"]],
        "live": beside if article.is_editable else None,
        "kept": drafts.of(article, request.user) if request.method != "POST" else None,
        "taken_up": None,
        "conflict": None,
        "findings": [] if article.state == "approved" else found,
        "blocking": sum(finding.severity == "block" for finding in found),
        "reading": reading(article) if frozen else None,
        "publication": current,
        "base": base,
        "sources": article.sources.all(),
        "unconfirmed": sum(source.unconfirmed for source in article.sources.all()),
        "away": leaves.said_of(article.handling_editor, clock.now()) if article.handling_editor else "",
        "turn": registry.turn_of(article, request.user, clock.now()),
        "panels": sorted(
            (panel for maker in registry.panel_makers() for panel in maker(article, request.user)),
            key=attrgetter("rank"),
        ),
    }


admin.site.register(Article, Articles)
