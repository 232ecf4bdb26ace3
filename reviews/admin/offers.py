"""How the desk offers the verbs of a review."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.admin import offers as article_offers
from articles.models import Article
from editorial import clock
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.conditions import Condition, unless
from editorial.models import BoardMember, User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief, is_editor
from reviews import conditions, decisions, matching, workflow
from reviews.models import Signature

LABEL = article_offers.LABEL


class Panel(forms.ModelMultipleChoiceField):
    """Board members with the reasons for and against; only eligible ones can be ticked."""

    def __init__(self, matches: list[matching.Match], needed: int) -> None:
        eligible = [match for match in matches if match.eligible]
        super().__init__(
            label=_("Panel"),
            queryset=BoardMember.objects.filter(pk__in=[match.member.pk for match in eligible]),
            widget=forms.CheckboxSelectMultiple,
            initial=[match.member.pk for match in eligible[:needed]],
            help_text=_("The best fit comes first and is ticked."),
        )
        self.eligible = {match.member.pk: match.member for match in eligible}
        self.choices = [(m.member.pk, f"{m.member}: {', '.join(m.reasons_for)}") for m in eligible]

    def clean(self, value: Any) -> list[BoardMember]:
        """The ticked members. Anything else than an eligible one is refused in words."""
        given = [str(pk) for pk in value or ()]
        if not given:
            raise forms.ValidationError(_("Tick at least one member."))
        chosen = [self.eligible.get(int(pk)) if pk.isdecimal() and len(pk) < 19 else None for pk in given]
        if None in chosen:
            raise forms.ValidationError(_("Somebody you ticked isn't eligible any more. Look again."))
        return [member for member in chosen if member is not None]


class OpenRoundForm(VerbForm):
    note = forms.CharField(
        label=_("Note to the panel"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def open_round_form(article: Article, user: User) -> type[VerbForm]:
    """The form with everyone who may sit on this article's panel."""
    now = clock.now()
    rule = conditions.rule_for(article, now=now)
    if rule is None or article.specialty is None:
        return OpenRoundForm
    due = workflow.due_day(now.date(), rule.review_days)
    members = Panel(matching.matches(article, rule=rule, due=due, now=now), rule.approvals)
    return type("PanelForm", (OpenRoundForm,), {"members": members, "field_order": ["members", "note"]})


def open_round_consequences(article: Article) -> list[Any]:
    now = clock.now()
    rule = conditions.rule_for(article, now=now)
    if rule is None or article.specialty is None:
        return []
    due = workflow.due_day(now.date(), rule.review_days)
    barred = [m for m in matching.matches(article, rule=rule, due=due, now=now) if not m.eligible]
    said = [
        _("The policy asks for %(approvals)s approvals, %(inside)s of them in %(specialty)s, by %(due)s.")
        % {
            "approvals": rule.approvals,
            "inside": rule.in_specialty,
            "specialty": article.specialty.name,
            "due": f"{due.day} {due:%B %Y}",
        },
        _("Each member gets a mail with a link to the text."),
    ]
    return [*said, *(f"{_('Not eligible')}: {m.member} – {', '.join(m.reasons_against)}" for m in barred)]


def confirm_consequences(article: Article) -> list[Any]:
    """What the panel said comes first: nobody confirms blind."""
    round = conditions.open_round_of(article)
    signed = Signature.objects.filter(round=round, review__isnull=False).select_related("review__private_note")
    said = []
    for signature in signed.order_by("id"):
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
    decision = decisions.decision_of(conditions.open_round_of(article), confirmed=True)
    return unless(
        decision.satisfied, _("The quorum doesn't stand yet: %(missing)s.") % {"missing": "; ".join(decision.missing)}
    )


def _offer(name: str, label: Any, condition: Any, run: Any, **values: Any) -> None:
    values.setdefault("form", lambda article, user: ReasonForm)
    values.setdefault("visible", article_conditions.may_see)
    add_verb(LABEL, VerbSpec(name=name, label=label, condition=condition, run=run, **values))


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
    article_conditions.may_lift,
    workflow.lift,
    visible=lambda article, user: is_chief(user),
    weight=30,
    consequences=lambda article: [_("Readers see the same version again; its signatures are checked first.")],
)
