"""The full-text index beside ``SearchEntry``, which no model names: made by a migration, kept by the database.

PostgreSQL keeps a generated column. SQLite keeps a table of its own by triggers, which it drops silently when a later
migration rebuilds the table: so they are installed again after every migrate.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections

TABLE = "articles_searchentry"
FULL_TEXT = f"{TABLE}_fts"

_ROW = "INSERT INTO {fts}(rowid, head_words, words) VALUES (new.id, new.head_words, new.words);"
_GONE = "INSERT INTO {fts}({fts}, rowid, head_words, words) VALUES ('delete', old.id, old.head_words, old.words);"
_TRIGGERS = {
    "insert": ("AFTER INSERT", _ROW),
    "delete": ("AFTER DELETE", _GONE),
    "update": ("AFTER UPDATE", _GONE + _ROW),
}


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The post_migrate receiver. On PostgreSQL there is nothing to do."""
    if connections[using].vendor == "sqlite":
        install(using)


def install(using: str = "default") -> None:
    """Put back the triggers where one is missing, and fill the index afresh: rows may have come without them."""
    connection = connections[using]
    if FULL_TEXT not in connection.introspection.table_names() or not missing(using):
        return
    with connection.cursor() as cursor:
        for name, (when, what) in _TRIGGERS.items():
            trigger = f"{FULL_TEXT}_{name}"
            cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger}"')
            cursor.execute(f'CREATE TRIGGER "{trigger}" {when} ON "{TABLE}" BEGIN {what.format(fts=FULL_TEXT)} END')
        cursor.execute(f"INSERT INTO {FULL_TEXT}({FULL_TEXT}) VALUES ('rebuild')")


def missing(using: str = "default") -> list[str]:
    """Triggers that should stand in a SQLite database and don't."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        standing = {row[0] for row in cursor.fetchall()}
    return [name for name in (f"{FULL_TEXT}_{each}" for each in _TRIGGERS) if name not in standing]
