"""Indexes for lists of many articles and versions: the newest first, what is in trouble, and words of titles.

The search of the desk looks for pieces of words, which pg_trgm indexes on PostgreSQL; SQLite reads the table, as before.
"""

from django.db import migrations, models

from editorial.operations import AddIndexBeside

WORDS = {"articles_by_words": "articles_article", "publications_by_words": "articles_publication"}


def index_words(apps, schema_editor):
    """An index that was left half made by an earlier try is made again."""
    if schema_editor.connection.vendor == "postgresql":
        forget_words(apps, schema_editor)
        for name, table in WORDS.items():
            schema_editor.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON {table}"
                " USING gin (upper(title) gin_trgm_ops, upper(slug) gin_trgm_ops)"
            )


def forget_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in WORDS:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('articles', '0011_search_index'),
    ]

    operations = [
        AddIndexBeside(
            model_name='article',
            index=models.Index(
                condition=models.Q(('abandoned_at', None)), fields=['-state_since', '-id'], name='articles_newest'
            ),
        ),
        AddIndexBeside(
            model_name='article',
            index=models.Index(
                condition=models.Q(('quorum_lost_at__isnull', False)),
                fields=['quorum_lost_at'],
                name='articles_quorum_lost',
            ),
        ),
        AddIndexBeside(
            model_name='publication',
            index=models.Index(
                condition=models.Q(('status', 'on_hold')), fields=['article'], name='publications_on_hold'
            ),
        ),
        AddIndexBeside(
            model_name='publication',
            index=models.Index(fields=['-published_at', '-id'], name='publications_newest'),
        ),
        migrations.RunPython(index_words, forget_words),
    ]
