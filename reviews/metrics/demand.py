"""What the policy in force asks of the board in a year, against what the board can give: in all, and by specialty."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, TextField, Value
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from articles.models import Publication
from articles.states import PublicationStatus
from editorial import outlook
from editorial.capacity import Balance, Member, Rule, Year, balance
from editorial.clock import add_months
from editorial.models import ReviewRule
from editorial.models.policy import EditorialPolicy
from reviews.metrics import charts
from reviews.metrics.charts import Value as Mark
from reviews.metrics.figures import Figure
from reviews.metrics.scopes import Scope
from reviews.metrics.tables import Table
from reviews.models import ReviewRound

LIVE = "live"
"""Stands where a round's change class would: one query counts rounds and live pages."""


@dataclass
class Asked:
    """What the last twelve months and today's live pages say of one specialty, or of all."""

    name: str
    rounds: Counter[tuple[str, str]] = field(default_factory=Counter)
    live: Counter[str] = field(default_factory=Counter)


def figures(scope: Scope) -> list[Figure]:
    title = _("Reviews a year: needed, and what the board can give")
    columns = (_("Specialty"), _("Needed a year"), _("Board gives"), _("Members who can sign"))
    rules = _rules(scope.today)
    if not rules:
        table = Table("capacity", columns, [])
        return [Figure(title, table, empty=_("No policy is in force, so nothing is asked of the board."))]
    lines = list(_lines(scope, rules))
    table = Table("capacity", columns, [(name, found.needed, found.given, people) for name, found, people in lines])
    whole = lines[0][1]
    values = [_value(name, found) for name, found, _people in lines]
    figure = Figure(
        title,
        table,
        chart=charts.bars(values, bullet=True),
        big=f"{whole.needed:,}",
        sentence=_("reviews a year are needed under the policy in force; the board gives about %(given)s.")
        % {"given": f"{whole.given:,}"},
        described=_("A thin bar for what is needed in front of what the board can give, in all and by specialty."),
        note=_(
            "Needed: as many rounds as in the last twelve months, and each live page confirmed in time. Whoever is "
            "qualified in two specialties gives to both, so the parts may add up to more than the whole."
        ),
    )
    return [figure]


def _lines(scope: Scope, rules: list[Rule]) -> Iterable[tuple[str, Balance, int]]:
    """All first, then each specialty by name: what is needed and given, and how many can sign."""
    board, closed = outlook.board_on(scope.today), outlook.closed_days(scope.today)
    asked = _asked(scope)
    whole = Asked(_("All"))
    for part in asked.values():
        whole.rounds.update(part.rounds)
        whole.live.update(part.live)
    yield whole.name, _balance(rules, whole, board, closed), len(board)
    for slug, part in sorted(asked.items(), key=lambda item: item[1].name):
        members = [member for member in board if slug in member.specialties]
        yield part.name, _balance(rules, part, members, closed), len(members)


def _balance(rules: list[Rule], asked: Asked, board: list[Member], closed: int) -> Balance:
    return balance(rules, Year(rounds=asked.rounds, live=asked.live), board, closed_days=closed)


def _asked(scope: Scope) -> Mapping[str, Asked]:
    """By specialty of the article; of the scope's risk alone where one was chosen."""
    since = datetime.combine(add_months(scope.today, -12), time.min, tzinfo=UTC)
    narrowed = scope.articles("article__")
    rounds = ReviewRound.objects.filter(narrowed, opened_at__gte=since)
    rounds = rounds.annotate(tier=KT("rule__risk_tier"), change=KT("rule__change_class"))
    live = Publication.objects.filter(narrowed, status=PublicationStatus.LIVE)
    live = live.annotate(tier=KT("policy__risk_tier"), change=Value(LIVE, output_field=TextField()))
    names = ("article__specialty__slug", "article__specialty__name", "tier", "change")
    counted = [rows.order_by().values(*names).annotate(number=Count("pk")) for rows in (rounds, live)]
    found: dict[str, Asked] = defaultdict(lambda: Asked(""))
    for slug, name, tier, change, number in counted[0].union(counted[1], all=True).values_list(*names, "number"):
        asked = found[slug or ""]
        asked.name = name or _("No specialty yet")
        if change == LIVE:
            asked.live[tier] += number
        else:
            asked.rounds[tier, change] += number
    return found


def _rules(today: date) -> list[Rule]:
    """Of the policy in force. Which other specialties a rule asks for doesn't change its number of reviews."""
    rows = ReviewRule.objects.filter(policy__in=EditorialPolicy.begun(today).values("pk")[:1])
    return [outlook.rule_values(_without_others(rule)) for rule in rows]


def _without_others(rule: ReviewRule) -> Callable[[str], Any]:
    return lambda name: () if name == "also" else getattr(rule, name)


def _value(name: str, found: Balance) -> Mark:
    return Mark(
        label=name,
        value=float(found.needed),
        wide=float(found.given),
        shown=_("%(needed)s of %(given)s") % {"needed": f"{found.needed:,}", "given": f"{found.given:,}"},
        tone="" if found.covered else "bad",
    )
