"""simple-history's records of many-to-many fields, written with one query a field instead of four."""

from typing import Any

from django.db import connections, models
from simple_history.models import HistoricalRecords


class LinkRecords(HistoricalRecords):
    """simple-history reads the row again for each field, and each link with all that it leads to.

    What is written is the same; its signals about links, which nothing here listens to, aren't sent.
    """

    def create_historical_record_m2ms(self, history_instance: Any, instance: models.Model) -> None:
        connection = connections[history_instance._state.db]
        quote = connection.ops.quote_name
        for field in history_instance._history_m2m_fields:
            through, record = field.remote_field.through, self.m2m_models[field]
            columns = ", ".join(quote(column.column) for column in through._meta.concrete_fields)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {quote(record._meta.db_table)} ({columns}, {quote('history_id')})"
                    f" SELECT {columns}, %s FROM {quote(through._meta.db_table)}"
                    f" WHERE {quote(field.m2m_column_name())} = %s",
                    [history_instance.pk, instance.pk],
                )
