from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.admin.verbs import VerbForm, with_password
from reviews.states import VERDICT_LABELS, VerdictKind

CONFLICT = (("none", _("No, none")), ("conflict", _("Yes: I step back from this article")))


class DeclarationForm(VerbForm):
    answer = forms.ChoiceField(label=_("Conflict of interest"), choices=CONFLICT, widget=forms.RadioSelect)
    details = forms.CharField(
        label=_("If yes, what is it?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the editors see this."),
    )
    disclosure = forms.CharField(
        label=_("Interests to show beside your name"),
        required=False,
        max_length=300,
        help_text=_("For readers; empty when there is nothing to disclose."),
    )


class DecisionForm(VerbForm):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[(kind.value, VERDICT_LABELS[kind]) for kind in VerdictKind],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Comment to the author and the editor"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when you ask for changes or object."),
    )
    private_note = forms.CharField(
        label=_("Private note to the editor"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        silent = not values.get("comment", "").strip()
        if silent and values.get("verdict") in (VerdictKind.CHANGES_NEEDED, VerdictKind.SAFETY_OBJECTION):
            self.add_error("comment", _("Say what has to change, or what the danger is."))
        return values


SigningForm = with_password(DecisionForm)
