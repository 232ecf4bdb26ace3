"""The search of the whole desk, and what it finds among people. Each list's own rules say who may see what."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import searching
from editorial.models import BoardMember, User
from editorial.registry import Page, add_page
from editorial.roles import Role
from editorial.searching import EACH, LONGEST, Finder, Group, Hit


def search(request: HttpRequest) -> HttpResponse:
    """What the header's box asks for. GET changes nothing; what can't be looked for is said in words."""
    query, problem, found = _found(request)
    context = admin.site.page_context(
        request,
        title=_("Search"),
        search_query=query,
        problem=problem,
        groups=found.groups,
        count=found.count,
        hints=[finder.hint for finder in searching.finders_for(request)],
    )
    return TemplateResponse(request, "admin/desk/search.html", context, status=422 if problem else 200)


def suggest(request: HttpRequest) -> HttpResponse:
    """The hits alone, under the box while somebody types."""
    _query, problem, found = _found(request)
    context = {"groups": found.groups, "count": found.count}
    return TemplateResponse(request, "admin/desk/search_hits.html", context, status=422 if problem else 200)


def _found(request: HttpRequest) -> tuple[str, str, searching.Found]:
    """What was asked for, why it can't be looked for (or nothing), and what was found."""
    try:
        query = searching.tidy(request.GET.get("q", ""))
    except ValidationError as refused:
        return "", " ".join(refused.messages), searching.Found()
    if len(query) > LONGEST:
        problem = _("That is too long to look for: at most %(most)s characters.") % {"most": LONGEST}
        return query[:LONGEST], problem, searching.Found()
    return query, "", searching.find(request, query) if query else searching.Found()


def may_look_in(model: type[Model]) -> Any:
    """A finder's ``may_look``: whoever may open the model's list."""
    return lambda request: admin.site.get_model_admin(model).has_view_permission(request)


def listed(request: HttpRequest, model: type[Model], query: str) -> QuerySet[Any]:
    """The rows that the model's own list would show this person for this search."""
    desk = admin.site.get_model_admin(model)
    rows, _twice = desk.get_search_results(request, desk.get_queryset(request), searching.few_words(query))
    return rows


def list_url(model: type[Model], query: str) -> str:
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{urlencode({'q': query})}"


def row_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _may_look_at_people(request: HttpRequest) -> bool:
    return any(may_look_in(model)(request) for model in (BoardMember, User))


def _people(request: HttpRequest, query: str) -> Group:
    """Board members, and accounts of whoever isn't one. Never what somebody reviews."""
    members, accounts, lists = [], [], []
    may_see_accounts = may_look_in(User)(request)
    if may_look_in(BoardMember)(request):
        members = list(_members(request, query, by_account=may_see_accounts))
        lists.append((list_url(BoardMember, query), _("The board")))
    if may_see_accounts:
        rows = listed(request, User, query).filter(board_member=None)
        accounts = list(rows.order_by("last_name", "first_name", "pk")[: EACH + 1])
        lists.append((list_url(User, query), _("Accounts")))
    hits = [*(_member_hit(member) for member in members), *(_account_hit(user) for user in accounts)]
    shown, more = searching.cut(hits)
    return Group("people", _("People"), shown, more, tuple(lists))


def _members(request: HttpRequest, query: str, *, by_account: bool) -> QuerySet[BoardMember]:
    """``by_account``: also by the address and name of the account, for whoever may see accounts."""
    seated = User.groups.through.objects.filter(user=OuterRef("user"), group__name=Role.BOARD)
    rows = listed(request, BoardMember, query)
    if by_account:
        known = listed(request, User, query).prefetch_related(None).order_by().values("pk")
        rows |= admin.site.get_model_admin(BoardMember).get_queryset(request).filter(user__in=known)
    rows = rows.prefetch_related(None).select_related("user").annotate(seated=Exists(seated))
    return rows.order_by("user__last_name", "user__first_name", "pk")[: EACH + 1]


def _member_hit(member: Any) -> Hit:
    on_board = member.seated or member.left_on
    label = member.stamp_label if on_board else _("not on the board")
    kind = "bad" if member.struck_off_at else "good" if member.seated and not member.left_on else "plain"
    meta = " · ".join(filter(None, (str(_("Board member")), member.affiliation)))
    return Hit(str(member), row_url(member), meta, {"kind": kind, "label": label})


def _account_hit(user: User) -> Hit:
    roles = ", ".join(group.name for group in user.groups.all())
    badge = {"kind": "plain", "label": _("no role")}
    if not user.is_active:
        badge = {"kind": "bad", "label": _("disabled")}
    elif roles:
        badge = {"kind": "info", "label": roles}
    return Hit(user.shown_name, row_url(user), " · ".join(filter(None, (str(_("Account")), user.email))), badge)


searching.add_finder(
    Finder("people", _people, gettext_lazy("the name of a person"), _may_look_at_people, weight=30),
)
add_page(Page("search/", search, "search"))
add_page(Page("search/hits/", suggest, "search_hits"))
