from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.admin.verbs import VerbForm
from editorial.proofs import with_proof
from reviews import checklist
from reviews.states import VERDICT_LABELS, VerdictKind

CONFLICT = (("none", _("No conflict of interest")), ("conflict", _("Yes, I have one")))
PREFIX = "checklist_"


class DeclarationForm(VerbForm):
    """The answer is the button that is pressed."""

    answer = forms.ChoiceField(
        label=_("Conflict of interest"),
        choices=CONFLICT,
        widget=forms.HiddenInput,
        error_messages={"required": _("Answer with one of the two buttons; “none” is an answer.")},
    )
    details = forms.CharField(
        label=_("What is it?"),
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
    """The checklist of the round's ``rule``, a field an item, and the verdict."""

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

    def __init__(self, *args: Any, rule: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = checklist.items_of(rule)
        self.critical = [f"{PREFIX}{item['code']}" for item in self.items if item["critical"]]
        for item in self.items:
            self.fields[f"{PREFIX}{item['code']}"] = forms.ChoiceField(
                label=item["text"], required=False, choices=list(checklist.ANSWERS.items()), widget=forms.RadioSelect
            )
        self.order_fields([f"{PREFIX}{item['code']}" for item in self.items])

    def answers(self, values: Mapping[str, Any]) -> dict[str, str]:
        """What was answered, by the items' codes."""
        given = {item["code"]: values.get(f"{PREFIX}{item['code']}") for item in self.items}
        return {code: answer for code, answer in given.items() if answer}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        verdict = values.get("verdict", "")
        silent = not values.get("comment", "").strip()
        if silent and verdict in (VerdictKind.CHANGES_NEEDED, VerdictKind.SAFETY_OBJECTION):
            self.add_error("comment", _("Say what has to change, or what the danger is."))
        for code, why in checklist.against(self.items, self.answers(values), verdict=verdict):
            if f"{PREFIX}{code}" not in self.errors:
                self.add_error(f"{PREFIX}{code}", why)
        return values


SigningForm = with_proof(DecisionForm)


class DraftForm(SigningForm):
    """What is written so far: nothing is needed, but nothing is kept that couldn't be stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        return VerbForm.clean(self)

    def kept(self) -> dict[str, Any]:
        values = self.cleaned_data
        written = {name: values.get(name, "") for name in ("verdict", "comment", "private_note")}
        return {**written, "checklist": self.answers(values)}


def restored(data: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's values as the decision form takes them for a start."""
    answers = {f"{PREFIX}{code}": answer for code, answer in dict(data.get("checklist", {})).items()}
    return {**answers, **{name: data.get(name, "") for name in ("verdict", "comment", "private_note")}}
