"""A record's form that asks for fresh proof: roles and licences decide who may sign, so an open session gives none."""

import uuid
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from editorial import clock, proofs, reauth
from editorial.conditions import Refused

NUMBER = "request_id"


class Proving:
    """Mixed into an admin: each save takes the proof of whoever saves. Its page shows ``admin/desk/proving.html``."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        proved = type(f"{form.__name__}Proved", (_Proved, proofs.with_proof(form)), {})
        proved.sent_by = request
        return proved

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of the record alone: its proof stands at the foot of the page."""
        found = super().get_fields(request, obj)  # type: ignore[misc]
        return [name for name in found if name not in (NUMBER, *proofs.FIELDS)]


class _Proved:
    """The password is looked at last: where something else is to be mended, nothing that counts once is used up."""

    sent_by: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, asked=proofs.asked_of(self.sent_by), **kwargs)
        self.own = cast(forms.ModelForm, self)
        self.own.fields["password"].help_text = _("Proves that it is you who saves, now: this decides who may sign.")
        self.own.fields[NUMBER] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        if not self.own.errors:
            try:
                reauth.prove(self.sent_by.user, proofs.given_in(self.sent_by, values), now=clock.now())
            except Refused as refused:
                self.own.add_error("password", refused.reason)
        return {name: value for name, value in values.items() if name not in (NUMBER, *proofs.FIELDS)}

    @cached_property
    def changed_data(self) -> list[str]:
        """What of the record changed: the record says nothing of how it was proved."""
        found: list[str] = super().changed_data  # type: ignore[misc]
        return [name for name in found if name not in (NUMBER, *proofs.FIELDS)]
