"""What people typed and didn't save: kept for each of them on the server, offered again, dropped by a save."""

from collections.abc import Mapping
from datetime import datetime

from django.http import QueryDict

from articles.models import Article, DraftText
from editorial.models import User
from editorial.registry import PeopleHooks


def keep(article: Article, user: User, values: Mapping[str, list[str]], *, now: datetime) -> DraftText:
    """Keep the form's values in place of what was kept before."""
    kept, _made = DraftText.objects.update_or_create(
        article=article, user=user, defaults={"data": dict(values), "kept_at": now}
    )
    return kept


def of(article: Article, user: User) -> DraftText | None:
    return DraftText.objects.filter(article=article, user=user).first()


def drop(article: Article, user: User) -> None:
    DraftText.objects.filter(article=article, user=user).delete()


def as_sent(values: Mapping[str, list[str]]) -> QueryDict:
    """Kept values as a browser would send them."""
    sent = QueryDict(mutable=True)
    for name, given in values.items():
        sent.setlist(name, given)
    return sent


def _erase(user: User, *, now: datetime) -> None:
    DraftText.objects.filter(user=user).delete()


HOOKS = PeopleHooks(pass_on=lambda user, **_values: None, ties=lambda user: (), erase=_erase)
