"""What is kept about a person, in one JSON value (GDPR, articles 15 and 20).

Every row of every table that points to the account or to its membership is in it, whichever app the table belongs to,
so that a new table is in it by itself. What would let somebody act as the person is left out.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, ForeignKey, Model, Q

from editorial.models import AuditEvent, BoardMember, PersonalText, User

SECRETS = frozenset({"password", "salt"})
"""Fields that are of use to a thief, and to nobody else."""

SOMEBODY_ELSE = "somebody else"
"""Stands for any other person: whose comment an author resolved may be hidden from them (article 15(4))."""

SECRET_TABLES = frozenset({"mfa.Authenticator"})
"""Of these only that there are rows: what they hold proves who somebody is."""

WHY = {
    "basis": "What was signed, and the record of who decided, is kept for as long as the text may be relied on: "
    "GDPR, article 17(3)(b) to (e). All else goes when the account is erased.",
    "left_out": "Passwords and the secrets of second factors. Backups hold the same until they are rotated out.",
}


def data_of(user: User, *, now: datetime) -> dict[str, Any]:
    """JSON values: the account, rows by table, and the events that they did or that are about them."""
    member = BoardMember.objects.filter(user=user).first()
    tables = {model._meta.label: rows for model in _models() if (rows := list(_rows(model, user, member)))}
    subjects = [f"user:{user.uuid}", *([member.subject] if member else [])]
    about = AuditEvent.objects.filter(Q(subject__in=subjects) | Q(body__contains=f'"actor":"{user.uuid}"'))
    return {
        "of": user.shown_name or user.username,
        "made_at": now.isoformat(),
        "why_it_is_kept": WHY,
        "account": _values(user, user, member),
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "tables": tables,
        "events": [json.loads(body) for body in about.order_by("sequence").values_list("body", flat=True)],
    }


def as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model not in (User, PersonalText)]


def _rows(model: type[Model], user: User, member: BoardMember | None) -> Iterator[dict[str, Any]]:
    """Those that point to the person, in the order in which they were made; a member's own row too."""
    which = Q()
    for each in model._meta.concrete_fields:
        if isinstance(each, ForeignKey) and each.related_model is User:
            which |= Q(**{each.attname: user.pk})
        elif isinstance(each, ForeignKey) and each.related_model is BoardMember and member is not None:
            which |= Q(**{each.attname: member.pk})
    if not which:
        return
    confidential = [each.name for each in model._meta.concrete_fields if each.related_model is PersonalText]
    rows = model._base_manager.filter(which).order_by("pk")
    for row in (rows.select_related(*confidential) if confidential else rows).iterator(chunk_size=500):
        yield {"id": str(row.pk)} if model._meta.label in SECRET_TABLES else _values(row, user, member)


def _values(row: Model, user: User, member: BoardMember | None) -> dict[str, Any]:
    """Its fields by name; a text written in confidence stands in place of its number."""
    own = {User: user.pk, BoardMember: member.pk if member else None}
    return {each.name: _value(row, each, own) for each in row._meta.concrete_fields if each.name not in SECRETS}


def _value(row: Model, each: "Field[Any, Any]", own: dict[type[Model], int | None]) -> Any:
    value, points_to = each.value_from_object(row), each.related_model
    if points_to is PersonalText and value is not None:
        return getattr(row, each.name).text
    if isinstance(value, (bytes, memoryview)):  # a manuscript as it was uploaded
        return base64.b64encode(value).decode()
    if points_to in own and value not in (None, own[points_to]):
        return SOMEBODY_ELSE
    return value
