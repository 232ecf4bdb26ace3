"""Two people stand behind every licence: whoever entered it, or its holder, and another who checked it."""

from typing import Any

from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from editorial.models import BoardInvitation, Credential, User

VERIFIED = frozenset({"specialty", "letters", "licence_number", "issuer", "expires_on"})
"""What whoever verified a credential has looked at: changed, it has to be looked at again."""


class CheckedByAnother(BaseInlineFormSet):
    """Whoever put a member on the list, or invited them, doesn't check their licence too, nor anybody what they typed
    themselves: nobody makes a physician of a name alone, or another one of a physician.
    """

    checker: User

    def clean(self) -> None:
        super().clean()
        checked = [form for form in self.forms if "verified_on" in form.changed_data]
        refusal = checked and self._refusal()
        for form in checked:
            if not form.cleaned_data.get("verified_on"):
                continue
            if refusal:
                form.add_error("verified_on", refusal)
            elif VERIFIED & set(form.changed_data) or _entered_by(form.instance) == self.checker.pk:
                form.add_error("verified_on", _("You entered this licence, so somebody else has to check it."))

    def _refusal(self) -> Any:
        """By hand, from a file or by inviting: a membership's first row in its history says who entered it."""
        member = self.instance
        if BoardInvitation.objects.filter(member=member.pk, invited_by=self.checker).exists():
            return _("You invited this member, so somebody else has to check the licence.")
        if member.pk is None or member.history.filter(history_type="+", history_user=self.checker).exists():
            return _("You put this member on the list, so somebody else has to check the licence.")
        return ""


def _entered_by(credential: Credential) -> int | None:
    """Whoever gave the licence the values that it has now, by its history."""
    rows = list(credential.history.order_by("-history_date", "-history_id").values("history_user", *sorted(VERIFIED)))
    user = None
    for row in rows:
        if any(row[name] != rows[0][name] for name in VERIFIED):
            break
        user = row["history_user"]
    return user
