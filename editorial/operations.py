"""Operations of migrations that leave the release that runs alone."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class _Beside:
    """Without blocking writes on PostgreSQL; as usual on SQLite, which knows no other way."""

    plain: type[migrations.operations.base.Operation]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        forwards = super().database_forwards if postgresql else self.plain.database_forwards.__get__(self)  # type: ignore[misc]
        forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        backwards = super().database_backwards if postgresql else self.plain.database_backwards.__get__(self)  # type: ignore[misc]
        backwards(app_label, schema_editor, from_state, to_state)


class AddIndexBeside(_Beside, AddIndexConcurrently):
    plain = migrations.AddIndex


class RemoveIndexBeside(_Beside, RemoveIndexConcurrently):
    plain = migrations.RemoveIndex
