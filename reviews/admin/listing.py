"""Rounds at a pace, as editors use it: onto the list and off it, up and down, and how many a week."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.admin.verbs import VerbForm, verb_page
from editorial.conditions import Refused
from editorial.models import User
from editorial.registry import Page, VerbSpec, add_page, add_verb
from editorial.roles import is_editor
from reviews import listing_conditions, pace_outlook, waiting_list, weekly_pace, workflow
from reviews.admin.offers import LABEL
from reviews.models import RoundPace
from reviews.models.waiting import MOST_A_WEEK
from reviews.waiting_list import Listed

VIEW = "?view=week"


def _offered(article: Article, user: User) -> bool:
    return is_editor(user) and article.state == ArticleState.SUBMITTED


def list_consequences(article: Article) -> list[str]:
    row = RoundPace.current()
    pace = (
        _("The desk's pace is %(count)s a week; it is paused now.") if row.paused else _("%(count)s are opened a week.")
    )
    return [
        _("It goes to the end of the list; an editor can move it up."),
        _("When its turn comes, the clock opens the round with the panel that is proposed that day."),
        pace % {"count": row.a_week},
    ]


add_verb(
    LABEL,
    VerbSpec(
        name="list_round",
        label=gettext_lazy("Open in its week"),
        condition=lambda article, user: listing_conditions.may_list(article, user, now=clock.now()),
        run=workflow.list_round,
        form=lambda article, user: VerbForm,
        visible=_offered,
        consequences=list_consequences,
        weight=27,
    ),
)
add_verb(
    LABEL,
    VerbSpec(
        name="unlist_round",
        label=gettext_lazy("Take off the waiting list"),
        condition=listing_conditions.may_unlist,
        run=workflow.unlist_round,
        form=lambda article, user: VerbForm,
        visible=lambda article, user: _offered(article, user) and waiting_list.entry_of(article) is not None,
        consequences=lambda article: [_("An editor chooses its panel; the others move up.")],
        weight=28,
    ),
)


class PaceForm(VerbForm):
    a_week = forms.IntegerField(
        label=gettext_lazy("Rounds a week"),
        min_value=1,
        max_value=MOST_A_WEEK,
        error_messages={
            "invalid": gettext_lazy("Write a whole number, such as 5."),
            "min_value": gettext_lazy("At least 1. To open none, tick “Paused”."),
            "max_value": gettext_lazy("At most %(limit_value)s rounds a week."),
        },
    )
    paused = forms.BooleanField(label=gettext_lazy("Paused: the clock opens no round"), required=False)


def pace_form(row: RoundPace, user: User) -> type[VerbForm]:
    fields = {name: PaceForm.base_fields[name].__deepcopy__({}) for name in ("a_week", "paused")}
    for name, field in fields.items():
        field.initial = getattr(row, name)
    return type("ThisPaceForm", (PaceForm,), fields)


def _pace_consequences(row: RoundPace) -> list[str]:
    said, covered = pace_outlook.of(row.a_week, now=clock.now())
    short = _("That is more than the board gives: choose a slower pace, or widen the board.")
    return [
        _("Rounds are opened on the first weekday of each week that lies in no closed period."),
        said,
        *([] if covered else [short]),
    ]


SET_PACE = VerbSpec(
    name="set_pace",
    label=gettext_lazy("Set the pace"),
    condition=lambda row, user: listing_conditions.may_set_pace(user),
    run=workflow.set_pace,
    form=pace_form,
    visible=lambda row, user: is_editor(user),
    consequences=_pace_consequences,
)


def set_pace(request: HttpRequest) -> HttpResponse:
    """How many rounds a week; every editor sees why, a chief editor sets it."""
    if request.method == "POST" and is_editor(request.user):
        RoundPace.objects.get_or_create(pk=1)  # why: its row is what the verb locks
    row = RoundPace.current()
    back = reverse("admin:queue") + VIEW
    shown = {
        "title": _("Rounds at a pace"),
        "state": "",
        "state_label": row.stamp_label,
        "url": back,
        "back": _("Back to the queue"),
    }
    return verb_page(request, row, SET_PACE, shown=shown, back=back)


def reorder(request: HttpRequest) -> HttpResponse:
    """One place up or down, or to the top; from the queue's own form, and back to it."""
    if request.method != "POST" or not is_editor(request.user):
        raise Http404
    way, _dash, number = request.POST.get("move", "").partition("-")
    known = number.isascii() and number.isdecimal() and len(number) < 18
    article = Article.objects.kept().filter(pk=int(number)).first() if known else None
    if article is None:
        messages.warning(request, _("That article isn't there any more. Look again."))
    else:
        try:
            workflow.reorder_round(article, actor=request.user, now=clock.now(), way=way)
        except Refused as refused:
            messages.warning(request, f"“{article.title}”: {refused.reason}")
    return HttpResponseRedirect(reverse("admin:queue") + VIEW)


def standing(listed: Listed, user: User) -> dict[str, Any]:
    """The line above the list: the pace, what was opened this week, and when the last is expected."""
    days = [wait.day for wait in listed.waits.values() if wait.day]
    return {
        "a_week": listed.pace.a_week,
        "paused": listed.pace.paused,
        "opened": listed.pace.opened,
        "stuck": sum(bool(wait.problem) for wait in listed.waits.values()),
        "last": weekly_pace.monday(days[-1]) if days else None,
        "may_set": bool(listing_conditions.may_set_pace(user)),
    }


add_page(Page("queue/pace/", set_pace, "queue_pace"))
add_page(Page("queue/order/", reorder, "queue_order"))
