from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import drafts, watching  # why: models must be loaded first
        from articles.projection import policy_pages  # why: models must be loaded first
        from editorial import audit, guards, registry  # why: models must be loaded first

        registry.add_people_hooks("articles", drafts.HOOKS)
        registry.add_setup("reader's policy page", policy_pages.project)
        watching.start()
        guards.protect("articles.Publication", moving=["status"])
        guards.protect("articles.Notice")
        audit.sealed("articles.Publication", moving=["status"], added=["restored_from"])
        audit.sealed("articles.Notice")
