"""What the sidebar shows of the office: home, the board, and how the house is run."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from editorial.models import AuditEvent, BoardMember, EditorialPolicy, OutboxMessage, User
from editorial.navigation import Place, add_places
from editorial.roles import is_board, is_editor


def of_list(
    request: HttpRequest, section: str, label: Any, model: type[Model], icon: str, **values: Any
) -> Iterator[Place]:
    """The way to a model's list, for whoever may open it."""
    if admin.site.get_model_admin(model).has_view_permission(request):
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        yield Place(section, label, address(name), icon, **values)


def of_page(section: str, label: Any, name: str, icon: str, **values: Any) -> Place:
    return Place(section, label, address(name), icon, **values)


def address(name: str) -> str:
    """Of a page of the desk that takes no values."""
    return _address(name, get_script_prefix())


@cache
def _address(name: str, under: str) -> str:
    return reverse(f"admin:{name}")


def _places(request: HttpRequest, counts: Mapping[str, int]) -> Iterator[Place]:
    yield of_page("home", _("Home"), "index", "home", leads_on=False, weight=0)
    yield from of_list(request, "board", _("Members"), BoardMember, "people", within=("/admin/board/",), weight=10)
    if is_editor(request.user):
        yield of_page("board", _("Invitations"), "invitations", "letter", weight=20)
    if is_board(request.user):
        yield of_page("board", _("Your membership"), "membership", "card", weight=30)
    yield from of_list(request, "house", _("Policy"), EditorialPolicy, "shield", weight=20)
    yield from of_list(request, "house", _("Outbox"), OutboxMessage, "letter", weight=30)
    yield from of_list(request, "house", _("Accounts"), User, "person", weight=40)
    yield from of_list(request, "house", _("Record"), AuditEvent, "record", weight=50)


add_places(_places)
