"""How the desk offers to ask the board again, and to bring an earlier version back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.admin.offers import LABEL
from articles.models import Article
from editorial import clock
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.models import User
from editorial.models.policy import ChangeClass
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief, is_editor
from reviews import conditions, workflow
from reviews.admin import opening


def ask_form(article: Article, user: User) -> type[VerbForm]:
    """The form that opens any round, for the published text; nothing of an earlier round is kept or carried."""
    return opening.open_round_form(article, user, change_class=conditions.class_of_re_review(article))


def ask_consequences(article: Article) -> list[Any]:
    change_class = conditions.class_of_re_review(article)
    full = _("The review it stands on is in doubt, so the full panel is asked.")
    return [
        *([full] if change_class == ChangeClass.UPDATE else []),
        _("Nothing is changed: the board signs the very text that was published. No earlier signature is carried."),
        _("When the quorum stands, a new version with the same text shows the new review."),
        *opening.open_round_consequences(article, change_class=change_class),
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
        condition=conditions.may_restore,
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
