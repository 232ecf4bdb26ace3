"""The words of the titles that are there already. Which of them are alike is found by `manage.py compare_questions`."""

from itertools import islice

from django.db import migrations

from articles import likeness

TITLES = 2_000


def keep_words(apps, schema_editor):
    database = schema_editor.connection.alias
    article, word = apps.get_model('articles', 'Article'), apps.get_model('articles', 'QuestionWord')
    titles = article.objects.using(database).order_by('pk').values_list('pk', 'title').iterator(chunk_size=TITLES)
    while batch := list(islice(titles, TITLES)):
        rows = [word(article_id=pk, word=found) for pk, title in batch for found in sorted(likeness.words(title))]
        word.objects.using(database).bulk_create(rows, batch_size=5_000, ignore_conflicts=True)


def drop_words(apps, schema_editor):
    apps.get_model('articles', 'QuestionWord').objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0005_question_words'),
    ]

    operations = [
        migrations.RunPython(keep_words, drop_words),
    ]
