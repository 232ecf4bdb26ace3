"""Every address of the site, made from the URL configuration, with each thing that it can be about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from articles.models import Article, Notice
from editorial import registry
from editorial.admin.mail import VERBS as MAIL_VERBS
from editorial.models import Notification
from reviews.admin.comments import SPECS as COMMENT_VERBS
from reviews.admin.metrics import CHAPTERS
from reviews.admin.objection import SPECS as OBJECTION_VERBS
from reviews.admin.seats import VERBS as SEAT_VERBS
from reviews.admin.signatures import SPECS as SIGNATURE_VERBS
from reviews.models import Objection
from tests.authorization.house import House

Named = Iterator[tuple[str, list[Any]]]


@dataclass(frozen=True)
class Route:
    """One pattern of the URL configuration; ``name`` is the pattern itself where it has none."""

    name: str
    params: tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """``about``: which thing of the house it names, empty where it names none."""

    route: str
    about: str
    path: str


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def addresses(house: House) -> Iterator[Address]:
    """Raises KeyError for a route with parameters that nothing here fills."""
    for route in routes():
        if route.name in NOWHERE:
            continue
        if not route.params:
            yield Address(route.name, "", reverse(route.name))
            continue
        for about, values in _filled(route, house):
            yield Address(route.name, about, reverse(route.name, args=values))


NOWHERE = {
    "act/": "leads on to the desk, whoever asks",
    "act/<slug:slug>": "leads on to the desk, whoever asks",
    "admin/password_change/": "leads on to the account pages, whoever asks",
    "admin:jsi18n": "Django's catalogue of words",
    "admin/(?P<url>.*)$": "Django's redirect for a forgotten slash",
}
"""Routes that say nothing about anybody."""


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Route]:
    for each in patterns:
        whole = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            inside = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, whole, inside)
        elif isinstance(each, URLPattern) and (
            each.name or not whole.endswith("/<path:object_id>/")
        ):  # Django's old ones
            params = tuple(each.pattern.converters) or tuple(each.pattern.regex.groupindex)
            if "simple_history" in str(each.name):
                params = ("object_id", "history_id")
            yield Route(f"{namespace}{each.name}" if each.name else whole, params)


def _filled(route: Route, house: House) -> Named:
    if route.name in FILLED:
        yield from FILLED[route.name](house)
    elif route.params in (("object_id",), ("object_id", "history_id")):
        yield from _of_admin(route, house)
    elif route.name in OF_ARTICLES:
        by = "slug" if route.params[0] == "slug" else "pk"
        yield from ((name, [getattr(article, by)]) for name, article in house.articles.items())
    else:
        raise KeyError(f"{route.name}: say in tests/authorization/routes.py what its address may name")


def _of_admin(route: Route, house: House) -> Named:
    """A page of the admin about one row: of articles about each, of other models about the first."""
    model = _model_of(route.name)
    rows = house.articles.items() if model is Article else [("", model._base_manager.order_by("pk").first())]
    for name, row in rows:
        if row is None:
            raise KeyError(f"{route.name}: the house has no {model._meta.label}")
        moments = [row.history.first().history_id] if "history_id" in route.params else []
        yield name, [row.pk, *moments]


def _model_of(name: str) -> Any:
    app, model = name.removeprefix("admin:").split("_")[:2]
    return apps.get_model(app, model)


def _verbs(label: str, rows: Callable[[House], dict[str, Any]]) -> Callable[[House], Named]:
    def named(house: House) -> Named:
        for about, row in rows(house).items():
            for spec in registry.verbs_for(label):
                yield " ".join(filter(None, (spec.name, about))), [row.pk, spec.name]

    return named


def _one(label: str) -> Callable[[House], dict[str, Any]]:
    return lambda house: {"": apps.get_model(label)._base_manager.order_by("pk").first()}


def _each(names: Any, row: Callable[[House], Any]) -> Callable[[House], Named]:
    return lambda house: ((name, [row(house).pk, name]) for name in names)


def _words(*names: str) -> Callable[[House], Named]:
    return lambda house: ((name, [name]) for name in names)


OF_ARTICLES = {
    *("admin:live", "admin:sources", "admin:markers", "admin:preview", "admin:difference", "admin:compare"),
    *("admin:dossier", "admin:timeline", "admin:hold", "admin:act"),
    *("article", "report", "reported", "history"),
}

FILLED: dict[str, Callable[[House], Named]] = {
    "admin:articles_article_verb": _verbs("articles.Article", lambda house: house.articles),
    "admin:articles_readermessage_verb": _verbs("articles.ReaderMessage", _one("articles.ReaderMessage")),
    "admin:editorial_editorialpolicy_verb": _verbs("editorial.EditorialPolicy", _one("editorial.EditorialPolicy")),
    "admin:editorial_closedperiod_verb": _verbs("editorial.ClosedPeriod", _one("editorial.ClosedPeriod")),
    "admin:editorial_unexplainedchange_verb": _verbs(
        "editorial.UnexplainedChange", _one("editorial.UnexplainedChange")
    ),
    "admin:board_verb": _verbs("editorial.BoardMember", _one("editorial.BoardMember")),
    "admin:comment": _each(COMMENT_VERBS, lambda house: house.rows["comment"]),
    "admin:objection": _each(OBJECTION_VERBS, lambda house: Objection.objects.get()),
    "admin:seat": _each(SEAT_VERBS, lambda house: house.rows["seat"]),
    "admin:signature": _each(SIGNATURE_VERBS, lambda house: house.rows["signature"]),
    "admin:review": lambda house: iter([("", [house.rows["seat"].pk])]),
    "admin:review_keep": lambda house: iter([("", [house.rows["seat"].pk])]),
    "admin:membership_end": lambda house: iter([("", ["interest", house.rows["interest"].pk])]),
    "admin:mail_verb": _words(*(spec.name for spec in MAIL_VERBS)),
    "admin:mail_end_leave": lambda house: iter([("", [house.rows["leave"].pk])]),
    "admin:mail_sample": _words("invitation"),
    "admin:first_steps_close": _words("author"),
    "admin:notification_read": lambda house: iter([("", [Notification.objects.first().pk])]),
    "admin:notification_go": lambda house: iter([("", [Notification.objects.first().pk])]),
    "admin:metrics_csv": _words(*(table for chapter in CHAPTERS for table in chapter.tables)),
    "admin:metrics_chapter": _words(*(chapter.name for chapter in CHAPTERS if chapter is not CHAPTERS[0])),
    "admin:my_year": lambda house: iter([("", [2026])]),
    "admin:my_year_csv": lambda house: iter([("", [2026])]),
    "admin:view_on_site": lambda house: iter(
        ("", [ContentType.objects.get_for_model(row).pk, row.pk])
        for row in (house.articles["draft"], house.rows["seat"], house.rows["user"])
    ),
    "admin:reset_factors": lambda house: iter([("", [house.rows["user"].pk])]),
    "factor_remove": lambda house: iter([("", [house.rows["factor"].pk])]),
    "admin:auth_user_password_change": lambda house: iter([("", [house.rows["user"].pk])]),
    "admin:editorial_outboxmessage_mail": lambda house: iter([("", [house.rows["mail"].pk])]),
    "admin:editorial_outboxmessage_html": lambda house: iter([("", [house.rows["mail"].pk])]),
    "admin:app_list": _words("editorial", "articles", "reviews"),
    "account_reset_password_from_key": lambda house: iter([("", ["1", "a-b"])]),
    "invitation": lambda house: iter([("", ["guessed"])]),
    "unsubscribe": _words("guessed"),
    "calendar": _words("guessed"),
    "demo_letter": _words("guessed"),
    "demo_letter_html": _words("guessed"),
    "version": lambda house: ((name, [a.slug, 1]) for name, a in house.articles.items()),
    "changes": lambda house: ((name, [a.slug, 1]) for name, a in house.articles.items()),
    "notice": lambda house: iter([("", [Notice.objects.first().uuid])]),
    "member": _words("claire-dubois"),
    "topic": _words("hypertension"),
    "feed_topic": _words("hypertension"),
    "sitemap": lambda house: iter([("", [1])]),
    "policy_version": lambda house: iter([("", [1])]),
}
"""What the addresses of the other routes may name."""
