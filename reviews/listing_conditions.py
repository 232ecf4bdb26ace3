"""Who may put an article on the list from which the clock opens rounds, and take it off."""

from datetime import datetime

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles.models import Article
from editorial.conditions import Condition, unless
from editorial.models import User
from editorial.roles import is_chief
from reviews import conditions, waiting_list


def may_list(article: Article, user: User, *, now: datetime) -> Condition:
    """Whoever could open its round, while it isn't on the list and a panel is asked for."""
    allowed = conditions.may_open_round(article, user, now=now)
    if not allowed:
        return allowed
    rule = conditions.rule_for(article, now=now)
    return unless(
        rule is not None and rule.approvals,
        _("No panel is asked for it: an editor who didn't make the change signs it."),
    ) & unless(waiting_list.entry_of(article) is None, _("It waits for its week already."))


def may_unlist(article: Article, user: User) -> Condition:
    return article_conditions.editor_of(article, user) & on_the_list(article)


def may_reorder(article: Article, user: User) -> Condition:
    return may_unlist(article, user)


def on_the_list(article: Article) -> Condition:
    return unless(waiting_list.entry_of(article), _("It isn't on the list of those that wait for their week."))


def may_set_pace(user: User) -> Condition:
    return unless(is_chief(user), _("Only a chief editor sets the pace."))
