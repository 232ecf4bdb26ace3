"""Which articles and which days the figures are of, as the page's address says it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models import Specialty, User
from editorial.models.policy import RiskTier
from reviews.metrics.periods import LONGEST, Period, latest

EARLIEST = date(2000, 1, 1)
USUAL = "90"
CUSTOM = "custom"
PERIODS = [
    ("30", gettext_lazy("30 days")),
    (USUAL, gettext_lazy("90 days")),
    ("365", gettext_lazy("365 days")),
    (CUSTOM, gettext_lazy("From – to")),
]


@dataclass(frozen=True)
class Scope:
    """What a page's figures are of. ``reader`` is whoever looks at them: see this package's rule on blindness."""

    reader: User
    now: datetime
    period: Period
    specialty: str = ""
    risk: str = ""

    @property
    def today(self) -> date:
        return self.period.day_of(self.now)

    def articles(self, prefix: str = "") -> Q:
        """Narrows a query to the articles meant, by what they are today; ``prefix`` leads to the article."""
        found = Q()
        if self.specialty:
            found &= Q(**{f"{prefix}specialty__slug": self.specialty})
        if self.risk == RiskTier.HIGH:
            found &= Q(**{f"{prefix}risk_tier__in": [RiskTier.HIGH, ""]})
        elif self.risk:
            found &= Q(**{f"{prefix}risk_tier": self.risk})
        return found


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ScopeForm(forms.Form):
    """The filters above the figures. Nothing given: the last 90 days of everything."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=PERIODS)
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("To"), required=False)
    specialty = forms.ChoiceField(label=gettext_lazy("Specialty"), required=False)
    risk = forms.ChoiceField(label=gettext_lazy("Risk"), required=False)

    def __init__(self, data: QueryDict, *, now: datetime, by_specialty: bool = True) -> None:
        """``by_specialty``: whether one may be chosen; the list of them costs a query."""
        super().__init__({**data.dict(), "period": data.get("period") or USUAL}, auto_id="f-%s")
        self.now = now
        if by_specialty:
            self.fields["specialty"].choices = [("", _("All")), *Specialty.objects.values_list("slug", "name")]
        else:
            del self.fields["specialty"]
        self.fields["risk"].choices = [("", _("All")), *RiskTier.choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        today = timezone.localtime(self.now).date()
        if values.get("period") != CUSTOM or {"since", "until"} & set(self.errors):
            return values
        if since is None or until is None:
            self.add_error("since" if since is None else "until", _("Give both days of the period."))
        elif until < since:
            self.add_error("until", _("The last day lies before the first: exchange them."))
        elif since < EARLIEST or until > today + timedelta(days=1):
            self.add_error("since" if since < EARLIEST else "until", _("The period has to lie between 2000 and today."))
        elif (until - since).days >= LONGEST:
            self.add_error("since", _("The longest period is two years. Choose fewer days."))
        return values

    def scope(self, reader: User) -> Scope:
        """Of a valid form."""
        given = self.cleaned_data
        if given["period"] == CUSTOM:
            period = Period(given["since"], given["until"], timezone.get_default_timezone())
        else:
            period = _until(self.now, days=int(given["period"]))
        return Scope(reader, self.now, period, given.get("specialty", ""), given["risk"])


def usual(reader: User, *, now: datetime) -> Scope:
    """The last 90 days of everything."""
    return Scope(reader, now, _until(now, days=int(USUAL)))


def _until(now: datetime, *, days: int) -> Period:
    return latest(days, today=timezone.localtime(now).date(), zone=timezone.get_default_timezone())
