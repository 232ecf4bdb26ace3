"""Pages of one seat: its member accepts, declines, recuses; an editor extends or releases it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from editorial import clock, registry
from editorial.admin.verbs import ReasonForm, VerbForm, article_url, verb_page
from editorial.conditions import Condition
from editorial.models import User
from editorial.registry import Page, VerbSpec
from editorial.roles import is_editor
from reviews import conditions, seat_conditions, workflow
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState


class ExtendForm(ReasonForm):
    """Days that stay as they are count as not given."""

    review_on = forms.DateField(
        label=_("Review due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    respond_on = forms.DateField(
        label=_("Answer due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("review_on", "respond_on", "reason")
    assignment: ReviewAssignment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = self.assignment.review_on
        self.fields["respond_on"].initial = self.assignment.respond_on
        if self.assignment.state != AssignmentState.INVITED:
            del self.fields["respond_on"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name in ("review_on", "respond_on"):
            if values.get(name) == getattr(self.assignment, name):
                values[name] = None
        return values


class RecuseForm(ReasonForm):
    reason = forms.CharField(
        label=_("What is the conflict?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the editors see this."),
    )


@dataclass(frozen=True)
class SeatVerb:
    """How the desk offers one verb on a seat. ``own``: to the member who holds it, else to editors."""

    name: str
    label: Any
    condition: Callable[[ReviewAssignment, User], Condition]
    run: Callable[..., Any]
    own: bool
    says: Callable[[ReviewAssignment], list[Any]]
    form: Callable[[ReviewAssignment], type[VerbForm]] = lambda seat: ReasonForm

    def is_visible(self, seat: ReviewAssignment, user: User) -> bool:
        """A waiting alternate has nothing to answer, so there is nothing to see."""
        if self.own:
            return seat.member.user_id == user.pk and not seat.is_waiting_alternate
        return is_editor(user)

    def on(self, seat: ReviewAssignment) -> VerbSpec:
        """The verb for this one seat, as one on its article."""
        return VerbSpec(
            name=self.name,
            label=self.label,
            condition=lambda article, user: self.condition(seat, user),
            run=lambda article, **values: self.run(article, assignment=seat, **values),
            form=lambda article, user: self.form(seat),
            visible=lambda article, user: self.is_visible(seat, user),
            consequences=lambda article: self.says(seat),
        )


def seat_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Missing, not yours, and waiting look the same: 404."""
    rows = ReviewAssignment.objects.select_related("round__article", "member__user")
    seat = rows.filter(pk=pk).first()
    if seat is None or name not in VERBS:
        raise Http404
    article = seat.round.article
    verb = VERBS[name]
    back = article_url(article) if not verb.own else seat.get_absolute_url() if name == "accept" else "/admin/"
    shown = {"title": article.title, "state": article.state, "state_label": article.state_label}
    home = article_url(article) if not verb.own else seat.get_absolute_url()
    return verb_page(request, article, verb.on(seat), shown={**shown, "url": home}, back=back)


def _extend_form(seat: ReviewAssignment) -> type[VerbForm]:
    return type("ExtendThisForm", (ExtendForm,), {"assignment": seat})


def _due(seat: ReviewAssignment) -> dict[str, str]:
    return {"who": seat.member.user.shown_name, "day": clock.shown(seat.review_on)}


def _released(seat: ReviewAssignment) -> list[Any]:
    if seat.is_waiting_alternate:
        return [_("%(who)s stands by and was never written to: nobody is told.") % _due(seat)]
    return [_("%(who)s is told, and the next alternate, if there is one, takes the seat over.") % _due(seat)]


_VERBS = (
    SeatVerb(
        "accept",
        _("Accept"),
        seat_conditions.may_accept,
        workflow.accept,
        True,
        lambda seat: [_("You agree to review this text by %(day)s.") % _due(seat)],
        lambda seat: VerbForm,
    ),
    SeatVerb(
        "step_aside",
        _("Not this one"),
        seat_conditions.may_step_aside,
        workflow.step_aside,
        True,
        lambda seat: [
            _("The seat passes to the next alternate, and the editor is told."),
            _("You won't be asked to review this article again."),
        ],
    ),
    SeatVerb(
        "recuse",
        _("Recuse myself"),
        seat_conditions.may_recuse,
        workflow.recuse,
        True,
        lambda seat: [
            _("For a conflict of interest. You can't read the text any more, and the editor is told."),
            _("You won't be asked to review this article again."),
        ],
        lambda seat: RecuseForm,
    ),
    SeatVerb(
        "extend",
        _("Extend"),
        seat_conditions.may_extend,
        workflow.extend,
        False,
        lambda seat: [
            _("The review of %(who)s is due on %(day)s.") % _due(seat),
            _("A mail with the new day goes out, and reminders of the old one count no more."),
        ],
        _extend_form,
    ),
    SeatVerb(
        "release",
        _("Release this seat"),
        conditions.may_release,
        workflow.release,
        False,
        _released,
    ),
)
VERBS = {verb.name: verb for verb in _VERBS}

registry.add_page(Page("seats/<int:pk>/<slug:name>/", seat_verb, "seat"))
