"""How the desk offers what editors do with a reader's message: label, what it asks for, what follows."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import reader_messages
from articles.models import Article, ReaderMessage
from articles.states import PublicationStatus
from editorial.admin.verbs import ReasonForm, VerbForm, article_url
from editorial.models import User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_editor

LABEL = "articles.ReaderMessage"


class DraftForm(VerbForm):
    title = forms.CharField(
        label=_("Title"), required=False, max_length=500, help_text=_("The question as the article will ask it.")
    )


class AnswerForm(VerbForm):
    answered_by = forms.CharField(
        label=_("Which article answers it"),
        max_length=300,
        help_text=_("The address of an article on this site, or the last part of it."),
    )

    def clean_answered_by(self) -> Article:
        """Only what readers have can answer them."""
        slug = self.cleaned_data["answered_by"].strip().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
        live = Article.objects.filter(publications__slug=slug, publications__status=PublicationStatus.LIVE)
        found = live.distinct().first()
        if found is None:
            raise forms.ValidationError(_("No article on the site has this address."))
        return found


class SettleForm(VerbForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=list(reader_messages.OUTCOMES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the other editors. It is deleted together with the message."),
    )


class CloseForm(ReasonForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the other editors. It is deleted together with the message."),
    )


def _offer(name: str, label: Any, form: type[VerbForm], run: Any, *, kinds: tuple[str, ...], **values: Any) -> None:
    """``kinds``: the messages it is for; handled ones are only reopened or deleted."""

    def visible(message: ReaderMessage, user: User) -> bool:
        fits = name == "delete" or message.is_open == (name != "reopen")
        return is_editor(user) and message.kind in kinds and fits

    values.setdefault("condition", reader_messages.may_handle)
    add_verb(LABEL, VerbSpec(name=name, label=label, run=run, form=lambda m, u: form, visible=visible, **values))


def _to_the_draft(message: ReaderMessage, user: User) -> str:
    made = ReaderMessage.objects.select_related("article").get(pk=message.pk).article
    return article_url(made) if made else ""


QUESTION, ERROR = (ReaderMessage.Kind.QUESTION,), (ReaderMessage.Kind.ERROR,)
_offer(
    "draft",
    _("Make a draft of this question"),
    DraftForm,
    reader_messages.draft,
    kinds=QUESTION,
    then=_to_the_draft,
    consequences=lambda message: [
        _("Without a title of yours it is: “%(title)s”.") % {"title": reader_messages.title_of(message)},
        _("The message is handled and linked with the draft, which opens."),
    ],
    weight=10,
)
_offer("answer", _("Answered by an article"), AnswerForm, reader_messages.answer, kinds=QUESTION, weight=20)
_offer("settle", _("Record the outcome"), SettleForm, reader_messages.settle, kinds=ERROR, weight=20)
_offer("close", _("Nothing to do"), CloseForm, reader_messages.close, kinds=(*QUESTION, *ERROR), weight=30)
_offer(
    "reopen",
    _("Open it again"),
    VerbForm,
    reader_messages.reopen,
    kinds=(*QUESTION, *ERROR),
    condition=reader_messages.may_reopen,
    weight=40,
)
_offer(
    "delete",
    _("Delete it now"),
    VerbForm,
    reader_messages.delete,
    kinds=(*QUESTION, *ERROR),
    condition=reader_messages.may_delete,
    then=lambda message, user: reverse("admin:articles_readermessage_changelist"),
    consequences=lambda message: [
        _("The message, its address and what was noted about it are gone. A draft that was made of it stays."),
    ],
    danger=True,
    weight=50,
)
