from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from editorial import audit, guards  # why: models must be loaded first

        guards.protect("articles.Publication", moving=["status"])
        guards.protect("articles.Notice")
        audit.sealed("articles.Publication", moving=["status"])
        audit.sealed("articles.Notice")
