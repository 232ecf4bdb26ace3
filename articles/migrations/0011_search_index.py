"""What search looks in: words beside each passage, and each database's own index of them.

The extension pg_trgm stays when this is taken back, since others may use it. Afterwards `manage.py rebuild_public`
fills what is published already.
"""

from django.db import migrations, models

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE articles_searchentry ADD COLUMN search tsvector GENERATED ALWAYS AS (
        CASE WHEN position = 0
        THEN setweight(to_tsvector('simple', head_words), 'A') || setweight(to_tsvector('simple', words), 'B')
        ELSE setweight(to_tsvector('simple', head_words), 'C') || setweight(to_tsvector('simple', words), 'D')
        END
    ) STORED
    """,
    "CREATE INDEX search_full_text ON articles_searchentry USING gin (search) WITH (fastupdate = off)",
    "CREATE INDEX search_titles ON articles_searchentry USING gin (upper(title) gin_trgm_ops) WHERE position = 0",
    "CREATE INDEX search_likeness ON articles_searchentry USING gin ((title || ' ' || text) gin_trgm_ops)"
    " WHERE position = 0",
)
POSTGRESQL_BACK = (
    "DROP INDEX search_likeness",
    "DROP INDEX search_titles",
    "DROP INDEX search_full_text",
    "ALTER TABLE articles_searchentry DROP COLUMN search",
)
SQLITE = (
    "CREATE VIRTUAL TABLE articles_searchentry_fts USING fts5("
    "head_words, words, content='articles_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER articles_searchentry_fts_insert AFTER INSERT ON articles_searchentry BEGIN"
    " INSERT INTO articles_searchentry_fts(rowid, head_words, words) VALUES (new.id, new.head_words, new.words); END",
    "CREATE TRIGGER articles_searchentry_fts_delete AFTER DELETE ON articles_searchentry BEGIN"
    " INSERT INTO articles_searchentry_fts(articles_searchentry_fts, rowid, head_words, words)"
    " VALUES ('delete', old.id, old.head_words, old.words); END",
    "CREATE TRIGGER articles_searchentry_fts_update AFTER UPDATE ON articles_searchentry BEGIN"
    " INSERT INTO articles_searchentry_fts(articles_searchentry_fts, rowid, head_words, words)"
    " VALUES ('delete', old.id, old.head_words, old.words);"
    " INSERT INTO articles_searchentry_fts(rowid, head_words, words) VALUES (new.id, new.head_words, new.words); END",
    "INSERT INTO articles_searchentry_fts(articles_searchentry_fts) VALUES ('rebuild')",
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS articles_searchentry_fts_insert",
    "DROP TRIGGER IF EXISTS articles_searchentry_fts_delete",
    "DROP TRIGGER IF EXISTS articles_searchentry_fts_update",
    "DROP TABLE articles_searchentry_fts",
)


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0010_from_readers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='searchentry',
            name='audience',
            field=models.CharField(blank=True, choices=[('clinician', 'Health professionals'), ('patient', 'Patients and caregivers'), ('student', 'Students'), ('general', 'Everyone')], help_text="Empty: everyone's.", max_length=12),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='head_words',
            field=models.TextField(blank=True, default='', help_text='What is indexed of the title, or else of the heading.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='searchentry',
            name='words',
            field=models.TextField(blank=True, default='', help_text='What is indexed of the text: see articles/search_words.'),
            preserve_default=False,
        ),
        migrations.RunPython(make_index, drop_index),
    ]
