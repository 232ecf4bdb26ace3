"""The form that edits an article's content, and refuses what came too late with everything still in it."""

from typing import Any

from django import forms
from django.db.models import Subquery
from django.utils.translation import gettext as _

from articles import conditions
from articles.models import AIContribution, Article, AudienceVariant, Citation
from editorial.admin.choices import show_known


def edit_stamp(article: Article) -> str:
    """Changes with every saved edit of the content, by anyone, whatever the clock of their machine says."""
    newest = [Subquery(rows.order_by("-history_id").values("history_id")[:1]) for rows in _histories(article)]
    latest = Article.objects.filter(pk=article.pk).order_by().values_list(*newest).get()
    return ".".join(str(number or 0) for number in latest)


def last_editor(article: Article) -> str:
    """Who saved last."""
    rows = [rows.select_related("history_user").first() for rows in _histories(article)]
    latest = max((row for row in rows if row), key=lambda row: row.history_date)
    return str(latest.history_user or _("somebody"))


def _histories(article: Article) -> list[Any]:
    return [
        article.history.all(),
        AudienceVariant.history.filter(article_id=article.pk),
        Citation.history.filter(article_id=article.pk),
        AIContribution.history.filter(article_id=article.pk),
    ]


class CitationForm(forms.ModelForm):
    """The reference it names came with its row: as many sources as a text has, none is asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "reference" in self.fields:
            show_known(self.fields["reference"].widget, self.instance.reference)


class ArticleForm(forms.ModelForm):
    """Checks, under the article's lock, that it may still be edited and that nobody saved in between."""

    edit_stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_up = False
    """What the form shows was kept for its author, who looks it over before it is saved."""

    class Meta:
        model = Article
        fields = (
            *("title", "short_answer", "topics", "byline", "funding", "origin", "language", "region"),
            *("authors", "products", "sponsors"),
            *("literature_current_to", "publish_not_before", "change_note", "conclusions_changed"),
        )
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "short_answer": forms.Textarea(attrs={"rows": 3}),
            "byline": forms.Textarea(attrs={"rows": 2}),
            "funding": forms.Textarea(attrs={"rows": 2}),
            "products": forms.Textarea(attrs={"rows": 2}),
            "sponsors": forms.Textarea(attrs={"rows": 2}),
            "change_note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.is_editable and "edit_stamp" in self.fields:
            self.fields["edit_stamp"].initial = edit_stamp(self.instance)

    def is_valid(self) -> bool:
        return not self.taken_up and super().is_valid()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.instance.pk:
            locked = Article.objects.select_for_update().get(pk=self.instance.pk)
            refusal = conditions.may_edit(locked, self.user).reason
            if refusal:
                raise forms.ValidationError(_("Not saved. %(why)s Your text is still below.") % {"why": refusal})
            if locked.stamp != self.instance.stamp:
                raise forms.ValidationError(_("Not saved: the article moved on in this moment. Save again."))
            if values.get("edit_stamp") != edit_stamp(locked):
                raise forms.ValidationError(
                    _(
                        "Not saved: %(who)s saved this article after you opened it. Nothing is lost: both texts are "
                        "shown above, and yours is still in the form."
                    )
                    % {"who": last_editor(locked)}
                )
        return values
