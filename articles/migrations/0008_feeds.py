"""What feeds go by: when a page last changed, by which class of change, and what notices say.

Afterwards `manage.py rebuild_public` lets the pages' times follow their notices.
"""

from django.db import migrations, models

CLASSES = [
    ('new', 'new article'), ('update', 'update'), ('correction', 'correction'), ('typographic', 'typographic'),
    ('reaffirmation', 'reaffirmation'), ('urgent', 'urgent'),
]
WHEN = 'When it was published, or a notice on it was: what feeds go by.'


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    page, publication = apps.get_model('articles', 'PublicPage'), apps.get_model('articles', 'Publication')
    of_page = publication.objects.using(database).filter(pk=models.OuterRef('publication'))
    page.objects.using(database).update(
        changed_at=models.F('published_at'), change_class=models.Subquery(of_page.values('change_class')[:1])
    )
    shown = page.objects.using(database).exclude(title='')
    shown.update(change_note=models.Subquery(of_page.values('change_note')[:1]))
    public, notice = apps.get_model('articles', 'PublicNotice'), apps.get_model('articles', 'Notice')
    of_notice = notice.objects.using(database).filter(uuid=models.OuterRef('uuid'))
    public.objects.using(database).filter(uuid__in=notice.objects.using(database).values('uuid')).update(
        kind=models.Subquery(of_notice.values('kind')[:1]), text=models.Subquery(of_notice.values('text')[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0007_reader_site'),
    ]

    operations = [
        migrations.AddField(
            model_name='publicnotice',
            name='kind',
            field=models.CharField(default='', max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicnotice',
            name='text',
            field=models.TextField(default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicpage',
            name='change_class',
            field=models.CharField(choices=CLASSES, default='new', max_length=15),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicpage',
            name='change_note',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicpage',
            name='changed_at',
            field=models.DateTimeField(null=True, help_text=WHEN),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='publicpage',
            name='changed_at',
            field=models.DateTimeField(help_text=WHEN),
        ),
        migrations.AddIndex(
            model_name='publicpage',
            index=models.Index(
                condition=models.Q(('is_current', True), ('status__in', ('live', 'retracted'))),
                fields=['-changed_at'], name='public_fed',
            ),
        ),
        migrations.AddIndex(
            model_name='publicpage',
            index=models.Index(
                condition=models.Q(('change_class__in', ('correction', 'urgent'))),
                fields=['-published_at'], name='public_corrected',
            ),
        ),
    ]
