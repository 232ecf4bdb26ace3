"""How the desk offers the verbs of a review."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.admin import offers as article_offers
from articles.models import Article
from articles.states import ArticleState
from editorial import clock
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.conditions import Condition, unless
from editorial.models import User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief, is_editor
from reviews import conditions, decisions, evidence, handing_conditions, seat_conditions, workflow
from reviews.admin.adding import add_seat_form
from reviews.admin.opening import open_round_consequences, open_round_form

LABEL = article_offers.LABEL


def confirm_consequences(article: Article) -> list[Any]:
    """What the panel said comes first: nobody confirms blind."""
    round = conditions.open_round_of(article)
    if round is None:
        return []
    said = []
    for signature in evidence.signatures_of(round):
        note = signature.review.private_note
        parts = (signature.review.comment, _("to you alone: %(note)s") % {"note": note.text} if note else "")
        words = "; ".join(part for part in parts if part)
        verdict = signature.review.get_verdict_display()
        said.append(
            f"{signature.shown_name}, {signature.shown_credentials}: {verdict}{f'. “{words}”' if words else ''} "
            f"({signature.meaning} {date_format(localtime(signature.signed_at), 'j F Y, H:i T')})"
        )
    return [
        *said,
        _("You take editorial responsibility for this version, under your name."),
        _("The article is approved and published in the same moment, exactly as it was signed (SHA-256 %(digest)s…).")
        % {"digest": article.frozen_digest[:16]},
    ]


def may_confirm(article: Article, user: User) -> Condition:
    allowed = conditions.may_confirm(article, user)
    if not allowed:
        return allowed
    round = conditions.open_round_of(article)
    decision = decisions.decision_of(round, confirmed=True)
    doubts = decisions.struck_off_in(round) if decision.satisfied else ()
    return unless(
        decision.satisfied, _("The quorum doesn't stand yet: %(missing)s.") % {"missing": "; ".join(decision.missing)}
    ) & unless(not doubts, " ".join(doubts)) and conditions.uninterested(article, user)


def _offer(name: str, label: Any, condition: Any, run: Any, **values: Any) -> None:
    values.setdefault("form", lambda article, user: ReasonForm)
    values.setdefault("visible", article_conditions.may_see)
    add_verb(LABEL, VerbSpec(name=name, label=label, condition=condition, run=run, **values))


class HandOverForm(VerbForm):
    handling_editor = forms.ModelChoiceField(
        label=_("Handling editor"),
        queryset=article_offers.TriageForm.base_fields["handling_editor"].queryset,
        empty_label=_("Choose one"),
    )


def _editors(article: Article, user: User) -> bool:
    return is_editor(user)


_offer(
    "open_round",
    _("Open a review round"),
    lambda article, user: conditions.may_open_round(article, user, now=clock.now()),
    workflow.open_round,
    form=open_round_form,
    visible=_editors,
    consequences=open_round_consequences,
    weight=25,
)
_offer(
    "add_seat",
    _("Add a seat"),
    seat_conditions.may_add_seat,
    workflow.add_seat,
    form=add_seat_form,
    visible=lambda article, user: is_editor(user) and article.state == ArticleState.UNDER_REVIEW,
    consequences=lambda article: [
        _("Whoever must sign or may sign gets a mail with a link to the text; an alternate stands by."),
    ],
    weight=55,
)
_offer(
    "hand_over",
    _("Hand over"),
    handing_conditions.may_hand_over,
    workflow.hand_over,
    form=lambda article, user: HandOverForm,
    visible=_editors,
    weight=58,
    consequences=lambda article: [_("The new handling editor is told, and gets the reminders from now on.")],
)
_offer(
    "confirm",
    _("Confirm and publish"),
    may_confirm,
    workflow.confirm,
    form=lambda article, user: VerbForm,
    visible=_editors,
    needs_proof=True,
    weight=15,
    consequences=confirm_consequences,
)
_offer(
    "request_changes",
    _("Request changes"),
    conditions.may_send_back,
    workflow.request_changes,
    visible=_editors,
    weight=50,
    consequences=lambda article: [
        _("The text opens for its author. Approvals given so far count no more."),
    ],
)
_offer(
    "withdraw",
    _("Unlock for editing"),
    conditions.may_withdraw,
    workflow.withdraw,
    weight=60,
    consequences=lambda article: [
        _("The round is cancelled and its approvals count no more; the article is a draft again."),
    ],
)
_offer("reject", _("Reject"), conditions.may_reject, workflow.reject, visible=_editors, weight=75, danger=True)
_offer(
    "lift",
    _("Put back on the site"),
    conditions.may_lift,
    workflow.lift,
    visible=lambda article, user: is_chief(user),
    needs_proof=True,
    weight=30,
    consequences=lambda article: [_("Readers see the same version again; its signatures are checked first.")],
)
