"""A page under a topic says when it was reviewed and when it changed, so that a topic's list is read from its index."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


def say_days(apps, schema_editor):
    ties = apps.get_model('articles', 'PublicPageTopic').objects.using(schema_editor.connection.alias)
    pages = apps.get_model('articles', 'PublicPage').objects.filter(pk=models.OuterRef('publicpage'))
    ties.update(
        reviewed_on=models.Subquery(pages.filter(is_listed=True).values('last_reviewed')),
        changed_at=models.Subquery(pages.values('changed_at')),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_grave_sources'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='PublicPageTopic',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('publicpage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='under', to='articles.publicpage')),
                        ('publictopic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='under', to='articles.publictopic')),
                    ],
                    options={
                        'db_table': 'articles_publicpage_in_topics',
                        'unique_together': {('publicpage', 'publictopic')},
                    },
                ),
                migrations.AlterField(  # why-safe: of the models' state alone; the table stays as it is
                    model_name='publicpage',
                    name='in_topics',
                    field=models.ManyToManyField(related_name='pages', through='articles.PublicPageTopic', to='articles.publictopic'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='publicpagetopic',
            name='reviewed_on',
            field=models.DateField(help_text="The page's last review; empty while no list names the page.", null=True),
        ),
        migrations.AddField(
            model_name='publicpagetopic',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='As the page has it.'),
        ),
        migrations.RunPython(say_days, migrations.RunPython.noop, elidable=True),
    ]
