"""Saving an article so that no typed word is lost: drafts that are offered again, and saves that came second."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles import conditions, drafts, live, merging, typed
from articles.admin.forms import edit_stamp, last_editor
from articles.models import Article, DraftText
from editorial import clock

_STAMP = re.compile(r"[0-9.]{1,100}")
TAKE_UP, DISCARD, KEEP_MINE = "_take_up", "_discard", "_keep_mine"


class KeepsText:
    """For the article's admin: what somebody typed is in the page again, or kept on the server, until it is saved."""

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        article = self.get_object(request, object_id) if object_id else None  # type: ignore[attr-defined]
        is_save = request.method == "POST" and article is not None
        if not is_save or not self.has_change_permission(request, article):  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        if DISCARD in request.POST:
            return _discarded(request, article)
        if TAKE_UP in request.POST and not _taken_up(request, article):
            messages.warning(request, _("Nothing that you typed is waiting here any more."))
            return HttpResponseRedirect(request.path)
        values = _sent_again(request, article)
        answer = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        if isinstance(answer, TemplateResponse) and values is not None:
            _not_saved(request, answer, article.pk, values)
        return answer

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        form.user, form.taken_up = request.user, TAKE_UP in request.POST
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        drafts.drop(form.instance, request.user)


def _discarded(request: HttpRequest, article: Article) -> HttpResponse:
    drafts.drop(article, request.user)
    messages.success(request, _("What you had typed and not saved is discarded."))
    return HttpResponseRedirect(request.path)


def _taken_up(request: HttpRequest, article: Article) -> DraftText | None:
    """Put the kept values in place of the form's; the form shows them and saves nothing."""
    kept = drafts.of(article, request.user)
    if kept is not None:
        sent = drafts.as_sent(kept.data)
        sent[TAKE_UP] = "1"
        request.POST = sent
    return kept


def _sent_again(request: HttpRequest, article: Article) -> typed.Values | None:
    """The typed values, laid over the stored rows where somebody else saved since. None for what can't be kept."""
    sent = request.POST
    try:
        values = typed.values_of(sent, request.user)
    except ValidationError:
        return None  # the form says which field and why
    if sent.get("edit_stamp") == edit_stamp(article):
        return values
    values = merging.rebased(article, values)
    if KEEP_MINE in sent:
        values["edit_stamp"] = [sent[KEEP_MINE] if _STAMP.fullmatch(sent[KEEP_MINE]) else ""]
    request.POST = _over(sent, values)
    return values


def _over(sent: QueryDict, values: typed.Values) -> QueryDict:
    over = drafts.as_sent({name: given for name, given in sent.lists() if not typed.belongs(name)})
    over.update(drafts.as_sent(values))
    if KEEP_MINE in sent:
        over["_continue"] = "1"
    return over


def _not_saved(request: HttpRequest, answer: TemplateResponse, pk: int, values: typed.Values) -> None:
    """Keep on the server what wasn't saved, and show whose text stands against it."""
    article = Article.objects.get(pk=pk)
    kept = drafts.of(article, request.user) if TAKE_UP in request.POST else None
    if kept is None:
        drafts.keep(article, request.user, values, now=clock.now())
    context = answer.context_data
    context["taken_up"] = kept
    if not conditions.may_edit(article, request.user):
        return
    text = typed.of(article, values)
    today = clock.now().date()
    context["live"] = live.beside(
        text.article, snapshot=text.snapshot, parts=text.parts, today=today, user=request.user
    )
    stamp = edit_stamp(article)
    if values.get("edit_stamp") != [stamp]:
        context["conflict"] = {
            "who": last_editor(article),
            "stamp": stamp,
            "differences": merging.between(article, values),
        }
