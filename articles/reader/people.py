"""Members of the board as a page shows them on a day: what has expired isn't shown, what hasn't begun neither."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import PublicMember, PublicPage
from editorial import clock
from editorial.membership import COUNTS_MONTHS


def serving(today: date) -> QuerySet[PublicMember]:
    """Who is on the board that day, by name."""
    return PublicMember.objects.filter(_serving(today)).order_by("sort_key", "pk")


def with_page(today: date) -> QuerySet[PublicMember]:
    """Whoever serves that day, and whoever signed a text that readers still have."""
    signed = PublicPage.reviewed_by.through.objects.filter(publicmember=OuterRef("pk"))
    return PublicMember.objects.filter(_serving(today) | Exists(signed))


def _serving(today: date) -> Q:
    return Q(is_serving=True, serves_from__lte=today) & (Q(serves_until=None) | Q(serves_until__gt=today))


def shown(row: PublicMember, today: date) -> dict[str, Any]:
    """The ``member`` of the templates. Letters and specialties come from credentials that are valid that day.

    Of whoever doesn't serve nobody checks licences any more, so none is claimed.
    """
    serves = is_serving(row, today)
    valid = [c for c in row.credentials if c["since"] <= today.isoformat() <= c["until"]] if serves else []
    letters = dict.fromkeys(part.strip() for c in valid for part in c["letters"].split(",") if part.strip())
    return {
        "slug": row.slug,
        "name": row.name,
        "letters": ", ".join(letters),
        "specialties": list(dict.fromkeys(c["specialty"] for c in valid)),
        "affiliation": row.affiliation,
        "is_serving": serves,
        "was_struck_off": row.was_struck_off,
        "since": row.serves_from,
        "until": row.serves_until,
        "interests": [_days(each) for each in row.interests if _counts(each, today)],
        "biography": row.main_html,
    }


def is_serving(row: PublicMember, today: date) -> bool:
    """On the board that day."""
    begun = row.is_serving and row.serves_from <= today
    return bool(begun and (row.serves_until is None or today < row.serves_until))


def by_specialty(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Members under each specialty that they hold, by name; at the end those whose credential is being renewed."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for member in members:
        for specialty in member["specialties"]:
            groups.setdefault(specialty, []).append(member)
    found = [{"name": name, "members": groups[name]} for name in sorted(groups, key=str.casefold)]
    without = [member for member in members if not member["specialties"]]
    return [*found, {"name": "", "members": without}] if without else found


def _counts(interest: dict[str, str], today: date) -> bool:
    """It has begun, and hasn't ended so long ago that it counts no more."""
    begun = interest["since"] <= today.isoformat()
    until = interest["until"]
    return begun and (not until or clock.add_months(date.fromisoformat(until), COUNTS_MONTHS) >= today)


def _days(interest: dict[str, str]) -> dict[str, Any]:
    until = interest["until"]
    return {
        "text": interest["text"],
        "since": date.fromisoformat(interest["since"]),
        "until": date.fromisoformat(until) if until else None,
    }
