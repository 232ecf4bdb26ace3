"""How the desk offers the verbs that touch no round: label, who sees them, what they ask for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import conditions, lifecycle, proposals, similar, snapshots, workflow
from articles.models import Article
from editorial import clock, policies
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.models import Specialty, User
from editorial.models.policy import ChangeClass, RiskTier
from editorial.registry import VerbSpec, add_verb, find_verb
from editorial.roles import Role, chiefs, is_board, is_chief, is_editor

LABEL = "articles.Article"


class TriageForm(VerbForm):
    risk_tier = forms.ChoiceField(label=_("Risk"), choices=RiskTier, help_text=_("What harm could a wrong word do?"))
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.all(), empty_label=_("Choose one")
    )
    handling_editor = forms.ModelChoiceField(
        label=_("Handling editor"),
        queryset=User.objects.filter(groups__name__in=[Role.EDITOR, Role.CHIEF], is_active=True).distinct(),
    )


class NoticeForm(VerbForm):
    notice = forms.CharField(
        label=_("Notice"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Who retracts the article and why. Readers see it above the text, under your name."),
    )


def triage_form(article: Article, user: User) -> type[VerbForm]:
    """Opens with what is likely by its topics or by what it was, and with this editor as handling editor."""
    start = similar.start_of(article)
    editor = article.handling_editor or (user if is_editor(user) else None)
    fields = {
        name: _with_initial(TriageForm.base_fields[name], initial)
        for name, initial in (
            ("risk_tier", start.risk_tier),
            ("specialty", start.specialty),
            ("handling_editor", editor),
        )
    }
    if start.why:
        fields["specialty"].help_text = _("Proposed: %(why)s.") % {"why": start.why}
    return type("TriageForm", (TriageForm,), fields)


def on_to_the_panel(article: Article, user: User) -> str:
    """The page that opens the round, filled for what was just said, where this editor may."""
    spec = find_verb(LABEL, "open_round")
    fresh = Article.objects.get(pk=article.pk)
    if spec is None or not spec.condition(fresh, user):
        return ""
    return reverse("admin:articles_article_verb", args=[article.pk, spec.name])


def _with_initial(given: forms.Field, initial: Any) -> forms.Field:
    field = given.__deepcopy__({})
    field.initial = initial
    return field


def _reason(article: Article, user: User) -> type[VerbForm]:
    return ReasonForm


class ClassField(forms.ChoiceField):
    """The classes that the difference allows; without an answer the lightest, and any other is refused in words."""

    widget = forms.RadioSelect

    def __init__(self, proposal: proposals.Proposal, choices: list[tuple[str, str]]) -> None:
        self.proposal = proposal
        super().__init__(
            label=_("Change class"),
            choices=choices,
            initial=proposal.floor,
            help_text=_("Proposed from the difference: %(label)s.") % {"label": proposal.label},
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.proposal.floor)

    def validate(self, value: Any) -> None:
        if value not in self.proposal.allowed:
            raise forms.ValidationError(proposals.refusal_of(self.proposal, value))


def submit_form(article: Article, user: User) -> type[VerbForm]:
    """A revision's submission asks for its class; the first has none to choose."""
    proposal = proposals.of(article) if article.is_editable else None
    if proposal is None or proposal.base is None or not proposal.floor:
        return VerbForm
    today = clock.now().date()
    choices = [(value, _class_line(article, value, today)) for value in proposal.allowed]
    return type("SubmitForm", (VerbForm,), {"change_class": ClassField(proposal, choices)})


def _class_line(article: Article, value: str, today: date) -> str:
    """A class with who signs it, as one choice."""
    quorum = proposals.quorum_of(article, value, today=today)
    label = str(ChangeClass(value).label).capitalize()
    return f"{label}: {quorum}" if quorum else label


def submit_consequences(article: Article) -> list[str]:
    sentences = [
        _("The text is frozen and gets its digest: what the board signs is exactly this."),
        _("It goes to the editors' queue."),
        *policies.warnings_for_authors(clock.now().date()),
    ]
    proposal = proposals.of(article) if article.is_editable else None
    if proposal is None or proposal.base is None:
        return sentences
    if not proposal.floor:
        return [_("Nothing was changed since version %(number)s.") % {"number": proposal.base.number}]
    named = {"label": proposal.label, "number": proposal.base.number}
    return [
        *sentences,
        _("Compared with version %(number)s it is at least this change class: %(label)s.") % named,
        *proposal.reasons,
    ]


def _offer(name: str, label: Any, condition: Any, run: Any, **values: Any) -> None:
    values.setdefault("form", _reason)
    values.setdefault("visible", conditions.may_see)
    add_verb(LABEL, VerbSpec(name=name, label=label, condition=condition, run=run, **values))


def _may_see_hold(article: Article, user: User) -> bool:
    """Board members may take down what is public, though they see nothing else of the article."""
    return conditions.may_see(article, user) or (is_board(user) and conditions.current_status(article) == "live")


COMES_BACK = _("It comes back when a chief editor puts it back, and its signatures still stand.")


def told_at_once(names: Iterable[str]) -> str:
    return _("Told at once, at any hour: %(names)s.") % {"names": ", ".join(names)}


def hold_consequences(article: Article) -> list[str]:
    return [
        _("Readers see at once that the page is temporarily withdrawn for a safety check."),
        told_at_once(chief.shown_name for chief in chiefs()),
        COMES_BACK,
    ]


_offer(
    "submit",
    _("Submit for review"),
    conditions.may_submit,
    workflow.submit,
    form=submit_form,
    weight=10,
    findings=lambda article: snapshots.findings(article, today=clock.now().date()) if article.is_editable else [],
    consequences=submit_consequences,
)
_offer(
    "triage",
    _("Triage"),
    conditions.may_triage,
    workflow.triage,
    form=triage_form,
    visible=lambda article, user: is_editor(user),
    weight=20,
    consequences=lambda article: [
        _("Risk and specialty decide who has to sign, and how many."),
        _("The panel comes next, filled in for them."),
    ],
    then=on_to_the_panel,
)
_offer("reopen", _("Reopen"), conditions.may_reopen, workflow.reopen, weight=40)
_offer(
    "revise",
    _("Revise"),
    conditions.may_revise,
    workflow.revise,
    weight=40,
    consequences=lambda article: [_("The text opens for a new version; what readers see stays as it is.")],
)
_offer(
    "discard_revision",
    _("Discard the revision"),
    conditions.may_discard_revision,
    workflow.discard_revision,
    weight=70,
    danger=True,
    visible=lambda article, user: is_editor(user),
    consequences=lambda article: [_("The text is again that of the published version; the revision stays in history.")],
)
_offer("abandon", _("Abandon this draft"), conditions.may_abandon, workflow.abandon, weight=90, danger=True)
_offer(
    "hold",
    _("Take off the site now"),
    conditions.may_hold,
    lifecycle.hold,
    weight=80,
    danger=True,
    needs_proof=True,
    visible=_may_see_hold,
    consequences=hold_consequences,
)
_offer(
    "retract",
    _("Retract"),
    conditions.may_retract,
    lifecycle.retract,
    weight=85,
    danger=True,
    needs_proof=True,
    form=lambda article, user: NoticeForm,
    visible=lambda article, user: is_chief(user),
    consequences=lambda article: [
        _("The page says RETRACTED above everything, with your notice; the text stays readable below it."),
        _("A retracted article can't be revised."),
    ],
)
