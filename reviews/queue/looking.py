"""What an editor looks at: view, filters, search, order and place, all in the address, so that it can be sent on."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from editorial import keyset
from editorial.keyset import Order, Page
from editorial.models import Specialty, User
from editorial.models.policy import RiskTier
from editorial.text import clean
from reviews.models import ReviewAssignment, WaitingRound
from reviews.queue import names
from reviews.queue.named import BY_NAME, VIEWS, View
from reviews.queue.rows import with_standing

SIZE = 30
NEVER = date(9999, 12, 31)
UNLISTED = 2_000_000_000
AGES = (
    ("7", gettext_lazy("over a week")),
    ("14", gettext_lazy("over two weeks")),
    ("30", gettext_lazy("over a month")),
)
OF_ONE_VIEW = frozenset({"place", "review"})
"""Orders that mean something only in the view that begins with them."""
MINE = (("mine", gettext_lazy("handled by me")), ("nobody", gettext_lazy("handled by nobody")))

_due = (
    ReviewAssignment.objects.owed()
    .filter(round__article=OuterRef("pk"))
    .order_by()
    .values("round__article")
    .annotate(first=Min("review_on"))
    .values("first")
)
_place = WaitingRound.objects.standing().filter(article=OuterRef("pk")).order_by().values("place")[:1]
_risk = Case(
    When(risk_tier=RiskTier.LOW, then=Value(3)), When(risk_tier=RiskTier.STANDARD, then=Value(2)), default=Value(1)
)

ORDERS = {
    "since": Order(F("state_since"), keyset.instant),
    "new": Order(F("state_since"), keyset.instant, descending=True),
    "due": Order(Coalesce(Subquery(_due), F("full_review_by"), Value(NEVER)), keyset.day),
    "risk": Order(_risk, int),
    "title": Order(Lower("title"), str),
    "place": Order(Coalesce(Subquery(_place), Value(UNLISTED)), int),
    "review": Order(F("publications__next_review_due"), keyset.day, of_whole=F("review_due")),
}
"""The last is for the view whose condition joins the live version: its index begins with what is due first."""
SORTS = (
    ("since", gettext_lazy("longest waiting first")),
    ("new", gettext_lazy("newest first")),
    ("due", gettext_lazy("due first")),
    ("risk", gettext_lazy("highest risk first")),
    ("title", gettext_lazy("by title")),
    ("place", gettext_lazy("in the order of their weeks")),
    ("review", gettext_lazy("re-review due first")),
)


class LookForm(forms.Form):
    """The address as a form. Every field may be absent; what can't be read is left out, and said.

    Not ``shown``, it only reads the address, and needn't know whom to offer.
    """

    view = forms.ChoiceField(choices=[(view.name, view.label) for view in VIEWS], required=False)
    q = forms.CharField(label=gettext_lazy("Search"), max_length=200, required=False)
    editor = forms.ChoiceField(
        label=gettext_lazy("Editor"), choices=[("", gettext_lazy("Any editor")), *MINE], required=False
    )
    specialty = forms.ModelChoiceField(
        label=gettext_lazy("Specialty"),
        queryset=Specialty.objects.all(),
        required=False,
        empty_label=gettext_lazy("Any specialty"),
    )
    risk = forms.ChoiceField(
        label=gettext_lazy("Risk"), choices=[("", gettext_lazy("Any risk")), *RiskTier.choices], required=False
    )
    age = forms.ChoiceField(
        label=gettext_lazy("In this state"), choices=[("", gettext_lazy("Any time")), *AGES], required=False
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=SORTS, required=False)

    FILTERS = ("editor", "specialty", "risk", "member", "age")

    def __init__(self, data: Any, user: User, *, shown: bool = True) -> None:
        super().__init__(data)
        self.fields["member"] = (
            names.field(user) if shown or self.data.get("member") else names.NameField(required=False)
        )
        first = BY_NAME.get(self.data.get("view", ""), VIEWS[0]).sort
        offered = [sort for sort in SORTS if sort[0] == first or sort[0] not in OF_ONE_VIEW]
        self.fields["sort"].choices = sorted(offered, key=lambda sort: sort[0] != first)
        self.is_valid()

    def clean_q(self) -> str:
        return clean(self.cleaned_data["q"])

    @property
    def named(self) -> View:
        return BY_NAME[self.cleaned_data.get("view") or VIEWS[0].name]

    @property
    def order(self) -> Order:
        return ORDERS[self.cleaned_data.get("sort") or self.named.sort]

    @property
    def selects(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.FILTERS, "sort")]

    @property
    def plain(self) -> str:
        """This view without what narrows it."""
        return self.address(**dict.fromkeys((*self.FILTERS, "q"), ""))

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in (*self.FILTERS, "q"))

    @property
    def problems(self) -> list[str]:
        """What in the address couldn't be read, in words."""
        whole = self.errors.get(NON_FIELD_ERRORS, [])
        parts = [self.fields[name].label or name for name in self.errors if name in self.fields]
        left_out = _("“%(name)s” in the address can't be read, so it was left out. Choose it again below.")
        return [*(left_out % {"name": name} for name in parts), *map(str, whole)]

    def narrow(self, rows: QuerySet[Article], user: User, now: datetime) -> QuerySet[Article]:
        """``rows`` by the filters and the search."""
        asked = self.cleaned_data
        if asked.get("editor"):
            rows = rows.filter(handling_editor=user if asked["editor"] == "mine" else None)
        if asked.get("specialty"):
            rows = rows.filter(specialty=asked["specialty"])
        if asked.get("risk"):
            rows = rows.filter(risk_tier=asked["risk"])
        if asked.get("member"):
            written = Article.authors.through.objects.filter(article=OuterRef("pk"), user=user)
            rows = rows.filter(~Exists(written), pk__in=names.named(asked["member"]).values("round__article"))
        if asked.get("age"):
            rows = rows.filter(state_since__lt=now - timedelta(days=int(asked["age"])))
        for word in asked.get("q", "").split()[: names.MOST_WORDS]:
            rows = rows.filter(Q(title__icontains=word) | Q(slug__icontains=word))
        return rows

    def page(self, rows: QuerySet[Article]) -> Page:
        """The page that the address names; the first, with a word about it, where its place can't be read."""
        places = {name: self.data.get(name, "") for name in ("after", "before")}
        try:
            return keyset.cut(rows, self.order, size=SIZE, whole=with_standing, **places)
        except (ValueError, OverflowError):
            self.add_error(None, _("The place in the list can't be read; this is its beginning."))
            return keyset.cut(rows, self.order, size=SIZE, whole=with_standing)

    def address(self, **changes: str) -> str:
        """This look as the query of an address, with ``changes``; an empty value takes the part out.

        The order in which a view begins stays behind with it: another view begins in its own.
        """
        query = QueryDict(mutable=True)
        left = {"after", "before", *self.errors}
        if "view" in changes and self.data.get("sort") in (self.named.sort, *OF_ONE_VIEW):
            left.add("sort")
        for name in (*self.fields, "after", "before"):
            value = changes.get(name, "" if name in left else self.data.get(name, ""))
            if value:
                query[name] = value
        return f"?{query.urlencode()}" if query else "?"
