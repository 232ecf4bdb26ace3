"""How the desk offers the verbs that end an article: retire and remove."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import conditions, lifecycle
from articles.admin.offers import LABEL
from articles.models import Article
from articles.states import PublicationStatus
from editorial.admin.verbs import ReasonForm, VerbForm
from editorial.models import User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief


class RetireForm(ReasonForm):
    successor = forms.CharField(
        label=_("What takes its place"),
        required=False,
        max_length=300,
        help_text=_("The address of another article on this site, or the last part of it; empty when there is none."),
    )

    def clean_successor(self) -> Article | None:
        """The article whose page has this address. What isn't on the site is refused like what doesn't exist."""
        given = self.cleaned_data["successor"].strip().rstrip("/")
        if not given:
            return None
        slug = given.rsplit("/", 1)[-1]
        live = Article.objects.filter(publications__slug=slug, publications__status=PublicationStatus.LIVE)
        found = live.distinct().first()
        if found is None:
            raise forms.ValidationError(_("No article on the site has this address."))
        return found


class RemovalForm(VerbForm):
    notice = forms.CharField(
        label=_("Legal reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Readers see it in place of the text, under your name. Don't repeat what has to go."),
    )


def _retire_form(article: Article, user: User) -> type[VerbForm]:
    return RetireForm


def _chiefs(article: Article, user: User) -> bool:
    return is_chief(user)


def _offer(name: str, label: Any, condition: Any, run: Any, **values: Any) -> None:
    add_verb(LABEL, VerbSpec(name=name, label=label, condition=condition, run=run, visible=_chiefs, **values))


_offer(
    "retire",
    _("Retire"),
    conditions.may_retire,
    lifecycle.retire,
    form=_retire_form,
    weight=83,
    danger=True,
    consequences=lambda article: [
        _("The page stays readable and says since when it isn't maintained; it leaves the list of articles."),
        _("A version that waits for its day is cancelled. Publishing a new version brings the article back."),
    ],
)
_offer(
    "remove",
    _("Remove for a legal reason"),
    conditions.may_remove,
    lifecycle.remove,
    form=lambda article, user: RemovalForm,
    weight=88,
    danger=True,
    needs_proof=True,
    consequences=lambda article: [
        _("The text of every version is withheld from readers. They get your reason in its place."),
        _("A removed article can't be revised or brought back. To correct or withdraw an answer, retract it instead."),
    ],
)
