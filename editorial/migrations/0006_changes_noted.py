import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def stop_noting(apps, schema_editor):
    """Backwards: without the table that keeps what is noted, every write would fail at its trigger."""
    from editorial import captures

    captures.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('editorial', '0005_mail_by_subject'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeCapture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=63)),
                ('row', models.CharField(blank=True, max_length=64)),
                ('operation', models.CharField(choices=[('I', 'added'), ('U', 'changed'), ('D', 'deleted'), ('T', 'emptied')], max_length=1)),
                ('columns', models.JSONField(default=list)),
                ('transaction', models.BigIntegerField(db_index=True)),
                ('at', models.DateTimeField(help_text='When the transaction began; with its number it names it for good.')),
                ('role', models.CharField(max_length=63)),
                ('actor', models.CharField(blank=True, help_text='Whom the application said it acted for.', max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='CaptureCheck',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('below', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_capture_check')],
            },
        ),
        migrations.CreateModel(
            name='UnexplainedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField()),
                ('began_at', models.DateTimeField()),
                ('role', models.CharField(max_length=63)),
                ('changes', models.PositiveIntegerField(help_text='How many rows it changed.')),
                ('rows', models.JSONField(default=list, help_text='The first of them: table, row, what was done, columns.')),
                ('found_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change past the desk',
                'verbose_name_plural': 'changes past the desk',
                'ordering': ['-began_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['began_at'], name='changes_to_look_into')],
                'constraints': [models.UniqueConstraint(fields=('transaction', 'began_at'), name='one_row_a_transaction')],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, stop_noting),
    ]
