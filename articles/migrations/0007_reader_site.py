"""The reader's site: topics, members and passages in tables of their own, and what readers send.

Afterwards `manage.py rebuild_public` fills them from what is published.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import editorial.text


def name_articles(apps, schema_editor):
    database = schema_editor.connection.alias
    page, article = apps.get_model('articles', 'PublicPage'), apps.get_model('articles', 'Article')
    of_page = article.objects.using(database).filter(publications=models.OuterRef('publication')).values('uuid')
    page.objects.using(database).update(article_uuid=models.Subquery(of_page[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_keep_question_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=200)),
                ('credentials', models.CharField(blank=True, max_length=200)),
                ('specialties', models.JSONField(default=list)),
                ('affiliation', models.CharField(blank=True, max_length=200)),
                ('is_serving', models.BooleanField()),
                ('sort_key', models.CharField(blank=True, max_length=300)),
                ('main_html', models.TextField()),
            ],
            options={
                'ordering': ['sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('mesh_id', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ReaderMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('question', 'Question'), ('error', 'Error report')], max_length=10)),
                ('text', editorial.text.CleanTextField()),
                ('slug', models.CharField(blank=True, help_text='The article it was sent from.', max_length=120)),
                ('version', models.PositiveIntegerField(blank=True, null=True)),
                ('email', models.EmailField(blank=True, help_text='Where the sender wants an answer, if anywhere.', max_length=254)),
                ('received_at', models.DateTimeField()),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', editorial.text.CleanTextField(blank=True)),
            ],
            options={
                'ordering': ['-received_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('clinician', 'Health professionals'), ('patient', 'Patients and caregivers'), ('student', 'Students'), ('general', 'Everyone')], max_length=12)),
                ('position', models.PositiveIntegerField(help_text='Its place in the text, from 0: title and short answer.')),
                ('kind', models.CharField(blank=True, help_text="The section's kind, as sections.py names them.", max_length=20)),
                ('anchor', models.CharField(blank=True, max_length=120)),
                ('heading', models.TextField(blank=True)),
                ('title', models.TextField()),
                ('text', models.TextField(help_text='Without markup.')),
                ('html', models.TextField(blank=True, help_text='As the page shows it, with its citations.')),
            ],
            options={
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.AddField(
            model_name='publicpage',
            name='article_uuid',
            field=models.UUIDField(help_text='What all versions of one article share, whatever their slugs.', null=True),
        ),
        migrations.RunPython(name_articles, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='publicpage',
            name='article_uuid',
            field=models.UUIDField(help_text='What all versions of one article share, whatever their slugs.'),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='changes_html',
            field=models.TextField(blank=True, help_text='What it changed against the version before it.'),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='entry_html',
            field=models.TextField(blank=True, help_text="Its entry in the article's history."),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='head_html',
            field=models.TextField(blank=True, help_text='What machines are told of it: JSON-LD and Open Graph.'),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='language',
            field=models.CharField(default='en', max_length=12),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='reviewed_by',
            field=models.ManyToManyField(related_name='pages', to='articles.publicmember'),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='in_topics',
            field=models.ManyToManyField(related_name='pages', to='articles.publictopic'),
        ),
        migrations.AddIndex(
            model_name='publicpage',
            index=models.Index(fields=['article_uuid', '-number'], name='public_versions'),
        ),
        migrations.AddField(
            model_name='readermessage',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_messages', to='articles.article'),
        ),
        migrations.AddField(
            model_name='readermessage',
            name='handled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='articles.publicpage'),
        ),
        migrations.AddIndex(
            model_name='readermessage',
            index=models.Index(condition=models.Q(('handled_at', None)), fields=['received_at'], name='reader_messages_open'),
        ),
        migrations.AddConstraint(
            model_name='searchentry',
            constraint=models.UniqueConstraint(fields=('page', 'audience', 'position'), name='one_passage_a_place'),
        ),
    ]
