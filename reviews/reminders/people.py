"""Whom a rule addresses: members themselves, the editor in charge or their deputy, the chief editors."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from articles.models import Article
from editorial.leaves import Away
from editorial.models import User
from editorial.roles import Role
from reviews import blindness
from reviews.models import ReminderRule
from reviews.reminders.owed import Owed

Audience = ReminderRule.Audience


class People:
    """The editors at one instant, each question asked of the database once for a whole batch."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.away = Away(now)
        self._barred: dict[int, set[int]] = {}

    @cached_property
    def editors(self) -> list[User]:
        """Everybody who edits without being a chief, by id."""
        rows = User.objects.filter(groups__name=Role.EDITOR, is_active=True, kind=User.Kind.PERSON)
        rows = rows.exclude(pk__in=[chief.pk for chief in self.away.chiefs])
        return list(rows.select_related("mail_preferences").order_by("pk"))

    def prepare(self, owed: Iterable[Owed]) -> None:
        """Read who mustn't judge the articles for which somebody other than a sound handling editor is sought."""
        self._barred.update(blindness.barred({one.article.pk for one in owed if one.article is not None}))

    def addressed(self, audience: str, owed: Owed) -> list[User]:
        """Each once, none of them inactive, and no editor who wrote the article or sits on its open panel."""
        if audience == Audience.MEMBER:
            found = list(owed.members)
        elif audience == Audience.HANDLING_EDITOR:
            found = self._in_charge(owed.article) or self._chiefs(owed.article)
        else:
            found = self._chiefs(owed.article)
        return list({user.pk: user for user in found if user.is_active}.values())

    def _in_charge(self, article: Article | None) -> list[User]:
        """The handling editor, or who stands in; where there is none, every editor who is free to judge it."""
        if article is None:
            return []
        editor = article.handling_editor
        if editor is not None and editor.is_active and self._may(editor, article):
            return [user for user in self.away.for_editor(editor) if self._may(user, article)]
        free = [user for user in self.editors if self._may(user, article)]
        return [user for user in free if user.pk not in self.away.leaves] or free

    def _chiefs(self, article: Article | None) -> list[User]:
        """Those who are free to judge the article; all of them when none is, since somebody has to know."""
        chiefs = self.away.chiefs
        return [chief for chief in chiefs if article is None or self._may(chief, article)] or chiefs

    def _may(self, user: User, article: Article) -> bool:
        return user.pk not in self._barred.get(article.pk, ())
