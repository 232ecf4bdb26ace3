from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

DECIDED = ("state", "frozen_snapshot", "frozen_html", "frozen_digest", "change_class", "quorum_lost_at", "risk_tier")
"""Fields of an article that verbs alone move: no entry of its history explains a change of them."""

WATCHED: dict[str, dict[str, Any]] = {
    "articles.Article": {"by_history": True, "strict": DECIDED},
    "articles.Article.authors": {},
    "articles.Article.topics": {},
    "articles.AudienceVariant": {"by_history": True},
    "articles.AIContribution": {"by_history": True},
    "articles.IntakeSource": {},
    "articles.Reference": {"by_history": True},
    "articles.Citation": {"by_history": True},
    "articles.Topic": {},
    "articles.Publication": {},
    "articles.Notice": {},
}
"""Tables of which every change is noted. Readers' tables aren't: ``verify`` makes them anew and compares."""


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import drafts, search_index, watching, watching_board  # why: models must be loaded first
        from articles.models import public  # why: models must be loaded first
        from articles.projection import members, policy_pages, rebuilding, topics  # why: models must be loaded first
        from editorial import audit, captures, database_roles, guards, registry  # why: models must be loaded first

        registry.add_people_hooks("articles", drafts.HOOKS)
        registry.add_setup("reader's policy page", policy_pages.project)
        registry.add_setup("reader's board", members.fill)
        registry.add_setup("reader's pages", rebuilding.fill)
        registry.add_setup("reader's topics", topics.date_ties)
        post_migrate.connect(search_index.install_after_migrate, sender=self, dispatch_uid="articles.search_index")
        watching.start()
        guards.protect("articles.Publication", moving=["status"])
        guards.protect("articles.Notice")
        audit.sealed("articles.Publication", moving=["status"], added=["restored_from"])
        audit.sealed("articles.Notice")
        for label, how in WATCHED.items():
            captures.watch(label, **how)
        watching_board.start()
        database_roles.show_readers(*(f"articles.{name}" for name in public.SHOWN))
        database_roles.let_readers_add("articles.ReaderMessage", fields=public.SENT)
