from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import drafts, search_index, watching, watching_board  # why: models must be loaded first
        from articles.models import public  # why: models must be loaded first
        from articles.projection import members, policy_pages, rebuilding  # why: models must be loaded first
        from editorial import audit, database_roles, guards, registry  # why: models must be loaded first

        registry.add_people_hooks("articles", drafts.HOOKS)
        registry.add_setup("reader's policy page", policy_pages.project)
        registry.add_setup("reader's board", members.fill)
        registry.add_setup("reader's pages", rebuilding.fill)
        post_migrate.connect(search_index.install_after_migrate, sender=self, dispatch_uid="articles.search_index")
        watching.start()
        guards.protect("articles.Publication", moving=["status"])
        guards.protect("articles.Notice")
        audit.sealed("articles.Publication", moving=["status"], added=["restored_from"])
        audit.sealed("articles.Notice")
        watching_board.start()
        database_roles.show_readers(*(f"articles.{name}" for name in public.SHOWN))
        database_roles.let_readers_add("articles.ReaderMessage", fields=public.SENT)
