"""The desk's admin site. It stands outside ``editorial.admin``: importing that registers models, on the site itself."""

from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, URLPattern, path, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from editorial import clock, enrolment, first_steps, health, navigation, notifications, registry, tallies
from editorial.models import User
from editorial.registry import Page
from editorial.roles import is_board, is_editor, roles_of

LIBRARIES = ("django.", "allauth.")


@secure_admin_login
def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Reached only by whoever is signed in and may not enter: the decorator sends all others to sign in."""
    raise PermissionDenied


def _nowhere(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    """The framework would lead to the row of any table by its number, and so tell everybody which are there."""
    raise Http404


def _demand_on(request: HttpRequest) -> enrolment.Demand | None:
    """Looked up once a request: the door asks, and the frame that says how many days are left."""
    if not hasattr(request, "_demand"):
        user = request.user
        request._demand = enrolment.demand_on(user, now=clock.now()) if isinstance(user, User) else None
    return request._demand


class Desk(admin.AdminSite):
    """The admin as the editorial desk: whoever holds a role may enter, and sees what the role is for."""

    site_header = _("Imprimatur")
    site_title = _("Imprimatur desk")
    index_title = _("Desk")
    index_template = "admin/desk/home.html"
    enable_nav_sidebar = False  # why: the framework's lists every model; ours is sidebar.html
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Rows of libraries have no pages: roles are given, addresses and factors belong to their owner's account."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        ours = [model for model in models if not model.__module__.startswith(LIBRARIES)]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and bool(user.is_superuser or roles_of(user))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        user = request.user
        on_board = isinstance(user, User) and is_board(user)
        editing = isinstance(user, User) and is_editor(user)
        standstill = health.standstill(user, clock.now()) if editing else None
        known = {"demand": _demand_on(request), "on_board": on_board, "editing": editing, "standstill": standstill}
        if isinstance(user, User):
            counts = cache(partial(tallies.of_page, user))  # why: asked by the frame alone, popups have none
            known["unread"] = partial(notifications.unread, user, counts)
            known["sections"] = lambda: navigation.sections_for(request, counts())
        return {**super().each_context(request), **known}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Looked up when a page shows it: the framework hands it to every page, and only home has a list of records."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_log_entries(self, request: HttpRequest) -> Any:
        """None: no page here shows the framework's own log, the record is the audit's."""
        return ()

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Whoever lost the desk while a form was open is told so when they send it; others are asked to sign in."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            reason = self._shut_out(request) if request.method == "POST" else ""
            if reason:
                return self.refused(request, str(_("Not recorded")), reason, 403)
            if self._owes_a_factor(request):
                return self._to_enrolment(request)
            return inner(request, *args, **kwargs)

        return entered

    def _owes_a_factor(self, request: HttpRequest) -> bool:
        """Whether the policy demands a passkey or codes of this person, and the time for it is over."""
        if not isinstance(request.user, User) or request.path == reverse("admin:logout"):
            return False
        demand = _demand_on(request)
        if demand is None and enrolment.NEXT in request.session:
            del request.session[enrolment.NEXT]
        return demand is not None and demand.is_overdue

    def _to_enrolment(self, request: HttpRequest) -> HttpResponse:
        """Enrol first; then they go on to where they were going, and find what they had typed."""
        if request.method == "POST":
            self.keep_form(request)
        elif request.session.get(enrolment.NEXT) != request.get_full_path():
            request.session[enrolment.NEXT] = request.get_full_path()
        return HttpResponseRedirect(reverse("factors"))

    def _shut_out(self, request: HttpRequest) -> str:
        """Why a person whom the session knows may not enter any more; empty for whoever may, or isn't signed in."""
        if self.has_permission(request) or request.path == reverse("admin:logout"):
            return ""
        if request.user.is_authenticated:
            return str(_("You hold no role at this desk any more, so nothing was recorded. Ask a chief editor."))
        known = User.objects.filter(pk=request.session.get(SESSION_KEY), is_active=False)
        disabled = _("Your account was disabled, so nothing was recorded. Ask a chief editor.")
        return str(disabled) if request.session.get(SESSION_KEY) and known.exists() else ""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign-in is the one of django-allauth, with its rate limits; never the framework's own form."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return _to_sign_in(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The home page: first what waits for this person, then the records."""
        context = {
            "cards": registry.cards_for(request.user),
            "greeting": request.user.shown_name,
            "guides": first_steps.shown_to(request.user),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        """Pages that belong to no model register themselves in ``editorial.registry``."""
        own = [path(page.route, self._entered(page), name=page.name) for page in registry.pages()]
        row = "r/<path:content_type_id>/<path:object_id>/"
        nowhere = path(row, self.admin_view(_nowhere), name="view_on_site")
        return [*own, nowhere, *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site")]

    def _entered(self, page: Page) -> Callable[..., HttpResponse]:
        """The page behind sign-in, with what it does for a form whose sender's session has ended."""
        inside = self.admin_view(page.view)
        if page.signed_out is None:
            return inside

        def view(request: HttpRequest, **values: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated:
                page.signed_out(request, **values)
            return inside(request, **values)

        return view

    def keep_form(self, request: HttpRequest) -> bool:
        """Have the page keep what was typed into a form that can't be taken now; False where none does so."""
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return False
        names = {page.name: page for page in registry.pages()}
        page = names.get(found.url_name or "") if found.namespace == self.name else None
        if page is None or page.signed_out is None:
            return False
        page.signed_out(request, **found.kwargs)
        return True

    def page_context(self, request: HttpRequest, **context: Any) -> dict[str, Any]:
        return {**self.each_context(request), **context}

    def refused(self, request: HttpRequest, title: str, reason: str, status: int, url: str = "") -> HttpResponse:
        """A page that says why nothing was done."""
        context = self.page_context(request, title=title, reason=reason, url=url)
        return TemplateResponse(request, "admin/desk/refused.html", context, status=status)
