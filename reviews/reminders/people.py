"""Whom a rule addresses: members themselves, the editor in charge or their deputy, the chief editors."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from articles.models import Article
from editorial import clock
from editorial.models import Leave, User
from editorial.roles import Role, chiefs
from reviews.models import ReminderRule, ReviewAssignment
from reviews.reminders.owed import Owed

Audience = ReminderRule.Audience


class People:
    """The editors at one instant, each question asked of the database once for a whole batch."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._barred: dict[int, set[int]] = {}

    @cached_property
    def chiefs(self) -> list[User]:
        return chiefs()

    @cached_property
    def editors(self) -> list[User]:
        """Everybody who edits without being a chief, by id."""
        rows = User.objects.filter(groups__name=Role.EDITOR, is_active=True, kind=User.Kind.PERSON)
        return list(rows.exclude(pk__in=[chief.pk for chief in self.chiefs]).order_by("pk"))

    @cached_property
    def deputies(self) -> dict[int, User | None]:
        """Editors who are away today, by their own calendar, with whoever stands in for them."""
        day = self.now.date()
        rows = Leave.objects.filter(first_day__lte=day + timedelta(days=1), last_day__gte=day - timedelta(days=1))
        away = [
            row for row in rows.select_related("user", "deputy") if row.covers(clock.day_in(row.user.zone, self.now))
        ]
        return {row.user_id: row.deputy for row in away}

    def prepare(self, owed: Iterable[Owed]) -> None:
        """Read who mustn't judge the articles for which somebody other than a sound handling editor is sought."""
        articles = {one.article.pk for one in owed if one.article is not None} - set(self._barred)
        barred: dict[int, set[int]] = defaultdict(set)
        authors = Article.authors.through.objects.filter(article__in=articles)
        for article, user in authors.values_list("article", "user"):
            barred[article].add(user)
        seats = ReviewAssignment.objects.filter(round__article__in=articles, round__closed_at=None)
        for article, user in seats.values_list("round__article", "member__user"):
            barred[article].add(user)
        self._barred.update({pk: barred[pk] for pk in articles})

    def addressed(self, audience: str, owed: Owed) -> list[User]:
        """Each once, none of them inactive."""
        if audience == Audience.MEMBER:
            found = list(owed.members)
        elif audience == Audience.HANDLING_EDITOR:
            found = self._in_charge(owed.article) or self._present(self.chiefs)
        else:
            found = self._present(self.chiefs)
        return list({user.pk: user for user in found if user.is_active}.values())

    def _in_charge(self, article: Article | None) -> list[User]:
        """The handling editor, or who stands in; where there is none, every editor who is free to judge it."""
        if article is None:
            return []
        editor = article.handling_editor
        if editor is not None and editor.is_active and self._may(editor, article):
            return [user for user in self._present([editor]) if self._may(user, article)]
        return self._present([user for user in self.editors if self._may(user, article)])

    def _may(self, user: User, article: Article) -> bool:
        return user.pk not in self._barred.get(article.pk, ())

    def _present(self, users: Iterable[User]) -> list[User]:
        """Whoever is away is replaced by their deputy; without one, somebody else has to do."""
        found = [self.deputies.get(user.pk, user) for user in users]
        return [user for user in found if user is not None and user.is_active]
