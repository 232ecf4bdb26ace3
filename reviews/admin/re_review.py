"""How the desk offers to ask the board again, and to bring an earlier version back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.admin.offers import LABEL
from articles.models import Article
from editorial import clock
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.models import BoardMember, User
from editorial.models.policy import ChangeClass
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief, is_editor
from reviews import conditions, workflow
from reviews.workflow.re_review import proposed

SHOWN = 40
"""How many members the form offers, the best fits of however large a board."""


class AskForm(VerbForm):
    note = forms.CharField(
        label=_("Note to the panel"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class Members(forms.ModelMultipleChoiceField):
    """Members who may sit, the proposed ones ticked, each with what speaks for them."""

    default_error_messages = {
        "required": _("Tick at least one member."),
        "invalid_choice": _("Somebody you ticked isn't eligible any more. Look again."),
        "invalid_pk_value": _("Somebody you ticked isn't eligible any more. Look again."),
    }


def ask_form(article: Article, user: User) -> type[VerbForm]:
    """The form with the panel that the matching proposes."""
    now = clock.now()
    rule = conditions.rule_for(article, now=now, change_class=conditions.class_of_re_review(article))
    if rule is None or article.specialty is None:
        return AskForm
    panel = proposed(article, rule, now=now)
    shown = panel.in_order[: max(SHOWN, len(panel.chosen))]
    choices = [(m.member.pk, f"{m.member}: {', '.join(m.reasons_for)}") for m in shown]
    members = Members(
        label=_("Panel"),
        queryset=BoardMember.objects.filter(pk__in=[pk for pk, _said in choices]),
        widget=forms.CheckboxSelectMultiple,
        initial=[match.member.pk for match in panel.chosen],
        help_text=_("The best fit comes first and is ticked."),
    )
    members.choices = choices
    return type("AskPanelForm", (AskForm,), {"members": members, "field_order": ["members", "note"]})


def ask_consequences(article: Article) -> list[Any]:
    now = clock.now()
    change_class = conditions.class_of_re_review(article)
    rule = conditions.rule_for(article, now=now, change_class=change_class)
    if rule is None or article.specialty is None:
        return []
    asked = _("The policy asks for %(approvals)s approvals, %(inside)s of them in %(specialty)s, by %(due)s.") % {
        "approvals": rule.approvals,
        "inside": rule.in_specialty,
        "specialty": article.specialty.name,
        "due": clock.shown(workflow.due_day(now.date(), rule.review_days)),
    }
    full = _("The review it stands on is in doubt, so the full panel is asked.")
    return [
        *([full] if change_class == ChangeClass.UPDATE else []),
        asked,
        _("Nothing is changed: the board signs the very text that was published. No earlier signature is carried."),
        _("When the quorum stands, a new version with the same text shows the new review."),
    ]


def restore_form(article: Article, user: User) -> type[VerbForm]:
    rows = article_conditions.restorable(article).defer("snapshot", "html")
    choices = [(row.number, _shown(row)) for row in rows]
    number = forms.TypedChoiceField(label=_("Version"), choices=choices, coerce=int)
    return type("RestoreForm", (ReasonForm,), {"number": number, "field_order": ["number", "reason"]})


def _shown(publication: Any) -> str:
    return _("Version %(number)s, reviewed %(day)s: %(title)s") % {
        "number": publication.number,
        "day": clock.shown(publication.last_reviewed),
        "title": publication.title,
    }


add_verb(
    LABEL,
    VerbSpec(
        name="re_review",
        label=_("Ask the board to confirm"),
        condition=lambda article, user: conditions.may_re_review(article, user, now=clock.now()),
        run=workflow.re_review,
        form=ask_form,
        visible=lambda article, user: is_editor(user),
        consequences=ask_consequences,
        weight=35,
    ),
)
add_verb(
    LABEL,
    VerbSpec(
        name="restore",
        label=_("Bring an earlier version back"),
        condition=article_conditions.may_restore,
        run=workflow.restore,
        form=restore_form,
        visible=lambda article, user: is_chief(user),
        consequences=lambda article: [
            _("Readers get the earlier text again, as a new version; its signatures are checked first."),
            _("The version on hold is superseded."),
        ],
        needs_proof=True,
        weight=32,
    ),
)
