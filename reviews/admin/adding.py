"""The form that adds one seat to the panel of a round that runs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from editorial import clock
from editorial.admin.verbs import VerbForm
from editorial.models import BoardMember, User
from reviews import conditions, matching, workflow
from reviews.admin import picking
from reviews.matching import Match
from reviews.models import ReviewAssignment
from reviews.states import SEATED, SeatKind

SHOWN = 10
KINDS = (
    (SeatKind.REQUIRED.value, _("Required: the round waits for this verdict")),
    (SeatKind.OPTIONAL.value, _("Optional: it counts, and nobody waits for it")),
    (SeatKind.ALTERNATE.value, _("Alternate: stands by")),
)


class AddSeatForm(VerbForm):
    body = "admin/reviews/add_seat_form.html"
    board: list[Match] = []

    q = forms.CharField(label=_("Search the board"), required=False, max_length=100)
    member = forms.ChoiceField(label=_("Member"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Seat"), choices=KINDS, initial=SeatKind.REQUIRED, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data if self.is_bound else self.initial
        query, chosen = picking.searched(given.get("q")), str(given.get("member", ""))
        eligible = [match for match in self.board if match.eligible]
        listed = [m for m in eligible if str(m.member.pk) == chosen] + picking.hits(eligible, query, most=SHOWN)
        rows = {match.member.pk: match for match in listed}
        self.fields["member"].choices = [(pk, f"{m.member}: {picking.described(m)}") for pk, m in rows.items()]
        barred = [match for match in self.board if not match.eligible]
        self.barred = picking.hits(barred, query, most=SHOWN) if query else []

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        by_pk = {str(match.member.pk): match.member for match in self.board}
        member: BoardMember | None = by_pk.get(values.get("member", ""))
        return {**{name: value for name, value in values.items() if name != "q"}, "member": member}


def add_seat_form(article: Article, user: User) -> type[VerbForm]:
    """With everyone who might sit, but for those on the panel already."""
    round = conditions.open_round_of(article)
    if round is None:
        return AddSeatForm
    now = clock.now()
    due = workflow.due_day(now.date(), round.rule["review_days"])
    held = ReviewAssignment.objects.filter(round=round, state__in=sorted(SEATED))
    seated = set(held.values_list("member_id", flat=True))
    board = [m for m in matching.matches(article, rule=round.rule, due=due, now=now) if m.member.pk not in seated]
    return type("AddThisSeatForm", (AddSeatForm,), {"board": board})
