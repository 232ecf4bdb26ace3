"""Comments on the desk: the form on the review page, a page for each thing done with one, the article's panel."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.admin import offers as article_offers
from articles.models import Article
from editorial import clock, registry
from editorial.admin.verbs import VerbForm, article_url, verb_page
from editorial.conditions import Condition
from editorial.models import User
from editorial.registry import Page, Panel, VerbSpec, add_panels, add_verb
from reviews import comment_conditions, discussion, passages, texts, workflow
from reviews.models import ReviewComment
from reviews.workflow.comments import MOST_WORDS

KINDS = [(kind.value, discussion.LABELS[kind]) for kind in comment_conditions.OPENING]


class RemarkForm(VerbForm):
    """A comment on a passage. Without JavaScript the passage is pasted, and ``place`` and ``position`` stay empty."""

    quote = forms.CharField(
        label=_("Passage"),
        required=False,
        max_length=passages.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy it from the text, word for word. Empty: about the whole text."),
    )
    kind = forms.ChoiceField(
        label=_("It is a"), choices=KINDS, widget=forms.RadioSelect, initial=ReviewComment.Kind.SUGGESTION
    )
    words = forms.CharField(
        label=_("Comment"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
    replacement = forms.CharField(
        label=_("Put this in the passage's place"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The author takes it over with one click; you stay eligible to sign."),
    )
    place = forms.ChoiceField(required=False, choices=[("", ""), *texts.PLACES.items()], widget=forms.HiddenInput)
    position = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "remark_%s", **kwargs})

    def values(self) -> dict[str, Any]:
        """As the verb takes them: an empty replacement suggests nothing."""
        given = {name: self.cleaned_data[name] for name in ("kind", "quote", "place", "position")}
        replacement = self.cleaned_data["replacement"] or None
        return {**given, "body": self.cleaned_data["words"], "replacement": replacement}


class RemarkDraft(RemarkForm):
    """A comment while it is written: nothing is needed, but nothing is kept that couldn't be stored."""

    FIELDS = ("quote", "kind", "words", "replacement", "place", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def kept(self) -> dict[str, Any]:
        """As the form takes it for a start; a kind alone isn't a comment."""
        written = {name: self.cleaned_data.get(name) for name in self.FIELDS}
        return written if any(written[name] for name in ("quote", "words", "replacement")) else {}


class EditorsRemarkForm(RemarkForm):
    """On its own page, where nothing marks a passage."""

    place = position = None


class ReplyForm(VerbForm):
    words = forms.CharField(label=_("Your reply"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonedForm(VerbForm):
    reason = forms.CharField(
        label=_("Why is it resolved?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its maker reads it as a reply."),
    )


def remark(article: Article, user: User, form: RemarkForm) -> None:
    """Make the comment that the form holds. Raises Refused as the verb does."""
    workflow.add_comment(
        article,
        actor=user,
        now=clock.now(),
        request=form.cleaned_data["request_id"],
        expected=form.cleaned_data["stamp"],
        **form.values(),
    )


def comment_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Something done with one comment; invisible is missing. A plain POST from a list acts at once."""
    row = ReviewComment.objects.select_related("article", "parent", "author").filter(pk=pk).first()
    if row is None or name not in SPECS:
        raise Http404
    viewer = comment_conditions.viewer_of(row.article, request.user)
    if not comment_conditions.may_see(row, viewer):
        raise Http404
    back = _back(row.article, viewer)
    shown = {
        "title": row.article.title,
        "state": row.article.state,
        "state_label": row.article.state_label,
        "url": back,
    }
    return verb_page(request, row.article, _bound(name, row, viewer), shown=shown, back=back)


def _back(article: Article, viewer: comment_conditions.Viewer) -> str:
    if article_conditions.may_see(article, viewer.user):
        return f"{article_url(article)}#comments"
    return f"{reverse('admin:review', args=[viewer.seat.pk])}#comments" if viewer.seat else "/admin/"


def _bound(name: str, comment: ReviewComment, viewer: comment_conditions.Viewer) -> VerbSpec:
    label, condition, run, form = SPECS[name]
    return VerbSpec(
        name=name,
        label=label,
        condition=lambda article, user: condition(comment, viewer),
        run=lambda article, **values: run(article, comment=comment, **values),
        form=lambda article, user: form(comment, viewer),
        visible=lambda article, user: True,
        consequences=lambda article: _said(comment),
    )


def _said(comment: ReviewComment) -> list[Any]:
    """The comment itself: nobody answers it blind."""
    said = [_("Passage: “%(quote)s”") % {"quote": comment.quote}] if comment.quote else []
    if comment.replacement is not None:
        said.append(_("Suggested instead: “%(text)s”") % {"text": comment.replacement})
    return [*said, comment.body] if comment.body else said


Form = Callable[[ReviewComment, comment_conditions.Viewer], type[VerbForm]]


def _plain(comment: ReviewComment, viewer: comment_conditions.Viewer) -> type[VerbForm]:
    return VerbForm


def _reasoned(comment: ReviewComment, viewer: comment_conditions.Viewer) -> type[VerbForm]:
    others = comment.kind == ReviewComment.Kind.MUST_FIX and comment.author_id != viewer.user.pk
    return ReasonedForm if others and viewer.editor else VerbForm


def _run_reply(article: Article, *, words: str, **values: Any) -> Any:
    return workflow.reply(article, **values, body=words)


SPECS: dict[str, tuple[Any, Callable[..., Condition], Callable[..., Any], Form]] = {
    "reply": (_("Reply"), comment_conditions.may_reply, _run_reply, lambda comment, viewer: ReplyForm),
    "resolve": (_("Resolve"), comment_conditions.may_resolve, workflow.resolve, _reasoned),
    "reopen": (_("Reopen"), comment_conditions.may_reopen, workflow.reopen, _plain),
    "downgrade": (_("Make it a suggestion"), comment_conditions.may_downgrade, workflow.downgrade, _plain),
    "withdraw": (_("Withdraw"), comment_conditions.may_withdraw, workflow.withdraw_comment, _plain),
    "apply": (_("Apply this change"), comment_conditions.may_apply, workflow.apply_suggestion, _plain),
}


def comments_panel(article: Article, user: User) -> Iterable[Panel]:
    """What reviewers wrote, for editors under their names and for authors without."""
    viewer = comment_conditions.viewer_of(article, user)
    seen = discussion.seen_by(article, viewer)
    if any(seen[part] for part in discussion.PARTS):
        yield Panel("admin/reviews/comments_panel.html", {"discussion": {**seen, "stamp": article.stamp}})


def _run_remark(article: Article, **values: Any) -> Any:
    replacement, words = values.pop("replacement") or None, values.pop("words")
    return workflow.add_comment(article, **values, body=words, replacement=replacement)


add_verb(
    article_offers.LABEL,
    VerbSpec(
        name="comment",
        label=_("Comment on a passage"),
        condition=lambda article, user: comment_conditions.may_comment(comment_conditions.viewer_of(article, user)),
        run=_run_remark,
        form=lambda article, user: EditorsRemarkForm,
        visible=lambda article, user: bool(article_conditions.editor_of(article, user)),
        weight=55,
    ),
)
add_panels(comments_panel)
registry.add_page(Page("comments/<int:pk>/<slug:name>/", comment_verb, "comment"))
