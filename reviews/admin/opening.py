"""The form that opens a round: the panel is proposed, and one click takes it over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from editorial import clock
from editorial.admin.verbs import VerbForm
from editorial.models import User
from reviews import carrying, conditions, matching, workflow
from reviews.admin import picking
from reviews.matching import Match, Proposal
from reviews.models import Review
from reviews.states import SeatKind
from reviews.workflow.keeping import Kept, kept_panel

FIRST = 30
"""How many eligible members stand on the page; a search finds the others."""

BARRED = 20
"""How many of those who may not sit are shown with the reasons."""

SEATS = (
    ("", gettext_lazy("No seat")),
    ("required", gettext_lazy("Required")),
    ("optional", gettext_lazy("Optional")),
    ("alternate-1", gettext_lazy("First alternate")),
    ("alternate-2", gettext_lazy("Second alternate")),
    ("alternate-3", gettext_lazy("Third alternate")),
)


@dataclass(frozen=True)
class Offer:
    """What the page knows of the board for one article."""

    board: tuple[Match, ...] = ()
    proposal: Proposal = field(default_factory=lambda: Proposal((), (), ()))
    kept: Kept = field(default_factory=Kept)
    carried: tuple[Review, ...] = ()

    def seats(self) -> dict[int, str]:
        """The seats that are chosen beforehand, by member."""
        found = {match.member.pk: "required" for match in self.proposal.required}
        found |= {pk: "optional" for pk in self.kept.optional if pk not in found and self.eligible(pk)}
        stood_by = [pk for pk in self.kept.alternates if pk not in found and self.eligible(pk)]
        then = [match.member.pk for match in self.proposal.alternates if match.member.pk not in {*found, *stood_by}]
        return found | {pk: f"alternate-{rank}" for rank, pk in enumerate([*stood_by, *then][:2], start=1)}

    def eligible(self, pk: int) -> bool:
        return any(match.eligible and match.member.pk == pk for match in self.board)


class OpenRoundForm(VerbForm):
    """Without a panel: where the rule asks for no approval, a second editor signs."""

    note = forms.CharField(
        label=gettext_lazy("Note to the panel"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PanelForm(OpenRoundForm):
    body = "admin/reviews/panel_form.html"
    offer = Offer()

    q = forms.CharField(label=gettext_lazy("Search the board"), required=False, max_length=100)
    carry = forms.MultipleChoiceField(
        label=gettext_lazy("Signatures to carry over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Neither the text nor the rule has changed since they signed. Others sign again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given: Mapping[str, Any] = self.data if self.is_bound else self.initial
        self.query = picking.searched(given.get("q"))
        sent = {name: str(given[name]) for name in given if name.startswith("seat_")}
        chosen = sent if sent or self.is_bound else {f"seat_{pk}": kind for pk, kind in self.offer.seats().items()}
        self.eligible = [match for match in self.offer.board if match.eligible]
        first = picking.hits(self.eligible, self.query, most=FIRST)
        self.picked = [match for match in self.eligible if chosen.get(f"seat_{match.member.pk}")]
        self.others = [match for match in first if match not in self.picked]
        barred = [match for match in self.offer.board if not match.eligible]
        self.barred, self.barred_count = picking.hits(barred, self.query, most=BARRED), len(barred)
        for match in (*self.picked, *self.others):
            name = f"seat_{match.member.pk}"
            self.fields[name] = _seat_field(match, chosen.get(name, ""))
        self.fields["carry"].choices = [(review.pk, _carried(review)) for review in self.offer.carried]
        if not self.offer.carried:
            del self.fields["carry"]

    def rows(self) -> list[tuple[Any, Match, str]]:
        return self._rows(self.picked)

    def other_rows(self) -> list[tuple[Any, Match, str]]:
        return self._rows(self.others)

    def _rows(self, found: Iterable[Match]) -> list[tuple[Any, Match, str]]:
        return [(self[f"seat_{match.member.pk}"], match, picking.described(match)) for match in found]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._refuse_strangers()
        seats = {match.member: values.pop(f"seat_{match.member.pk}", "") for match in (*self.picked, *self.others)}
        values.pop("q", None)
        reviews = {str(review.pk): review for review in self.offer.carried}
        carry = [reviews[pk] for pk in values.get("carry", ())]
        required = [member for member, kind in seats.items() if kind == SeatKind.REQUIRED]
        if not required and not carry and not self.errors:
            self.add_error(None, _("Choose who has to sign: at least one member."))
        stand_by = sorted((kind, place) for place, kind in enumerate(seats.values()) if kind.startswith("alternate"))
        members = list(seats)
        return {
            **values,
            "carry": carry,
            "members": required,
            "optional": [member for member, kind in seats.items() if kind == SeatKind.OPTIONAL],
            "alternates": [members[place] for _kind, place in stand_by],
        }

    def _refuse_strangers(self) -> None:
        """Seats for people whom this form can't seat: said with the reason where there is one."""
        known = {f"seat_{match.member.pk}": match for match in self.offer.board}
        for name in self.data:
            if name.startswith("seat_") and self.data[name] and name not in self.fields:
                match = known.get(name)
                if match is None:
                    self.add_error(None, _("Somebody you chose isn't on the board any more. Look again."))
                    continue
                said = {"member": match.member, "reasons": ", ".join(match.reasons_against)}
                self.add_error(None, _("%(member)s can't sit: %(reasons)s.") % said)


def open_round_form(article: Article, user: User) -> type[VerbForm]:
    """The form with a proposed panel, and everyone who may sit on it beside."""
    now = clock.now()
    if not _is_ready(article, now):
        return OpenRoundForm
    rule = workflow.rule_for(article, now=now)
    if not rule["approvals"]:
        return OpenRoundForm
    due = workflow.due_day(now.date(), rule["review_days"])
    board = [m for m in matching.matches(article, rule=rule, due=due, now=now) if m.member.user_id != user.pk]
    kept = kept_panel(article)
    offer = Offer(
        board=tuple(board),
        proposal=matching.propose(rule, board, keep=kept.required),
        kept=kept,
        carried=tuple(carrying.offered(article, rule, now=now)),
    )
    return type("ThisPanelForm", (PanelForm,), {"offer": offer})


def open_round_consequences(article: Article) -> list[Any]:
    now = clock.now()
    if not _is_ready(article, now):
        return []
    rule = conditions.rule_for(article, now=now)
    if not rule.approvals:
        return [_("No panel is asked: an editor who didn't make the change signs it, and the page stays as reviewed.")]
    due = workflow.due_day(now.date(), rule.review_days)
    asks = _("The policy asks for %(approvals)s approvals, %(inside)s of them in %(specialty)s, by %(due)s.")
    values = {"approvals": rule.approvals, "inside": rule.in_specialty, "specialty": article.specialty.name}
    return [
        asks % {**values, "due": clock.shown(due)},
        _("Whoever must sign or may sign gets a mail with a link to the text. Alternates stand by and get none."),
    ]


def _is_ready(article: Article, now: Any) -> bool:
    return article.specialty is not None and conditions.rule_for(article, now=now) is not None


def _seat_field(match: Match, initial: str) -> forms.ChoiceField:
    label = _("Seat of %(member)s") % {"member": match.member}
    return forms.ChoiceField(label=label, choices=SEATS, required=False, initial=initial)


def _carried(review: Review) -> str:
    signature = carrying.original(review).signature
    return f"{signature}: {review.get_verdict_display()}, {clock.shown(signature.signed_at)}"
