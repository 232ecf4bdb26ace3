"""Board members with the days on which something about them begins or ends, and policies that were taken out of force.

Nothing has filled the members' table before: `manage.py setup_roles` does, and `manage.py rebuild_public` links
members and topics to pages.
"""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0008_feeds'),
    ]

    operations = [
        migrations.RemoveField(model_name='publicmember', name='specialties'),
        migrations.RemoveField(model_name='publicmember', name='credentials'),
        migrations.AddField(
            model_name='publicmember',
            name='credentials',
            field=models.JSONField(default=list, help_text='Verified ones: letters, specialty, since, until.'),
        ),
        migrations.AddField(
            model_name='publicmember',
            name='interests',
            field=models.JSONField(default=list, help_text='What was declared: text, since, until.'),
        ),
        migrations.AddField(
            model_name='publicmember',
            name='serves_from',
            field=models.DateField(default=date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicmember',
            name='serves_until',
            field=models.DateField(help_text='The first day off the board.', null=True),
        ),
        migrations.AddField(
            model_name='publicmember', name='was_struck_off', field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name='publicpolicy',
            name='disabled_on',
            field=models.DateField(help_text='When it was taken out of force; its own address stays.', null=True),
        ),
        migrations.AlterField(
            model_name='publicmember',
            name='is_serving',
            field=models.BooleanField(help_text='Holds the role and can sign in; serves between the two days.'),
        ),
        migrations.AlterField(
            model_name='publicmember',
            name='main_html',
            field=models.TextField(blank=True, help_text='What they say about themselves.'),
        ),
        migrations.AlterField(
            model_name='publicmember', name='sort_key', field=models.CharField(blank=True, max_length=400)
        ),
        migrations.AddIndex(
            model_name='publicmember',
            index=models.Index(
                condition=models.Q(('is_serving', True)), fields=['sort_key', 'id'], name='public_board'
            ),
        ),
        migrations.AddIndex(
            model_name='publicnotice',
            index=models.Index(fields=['-issued_at'], name='public_notices_issued'),
        ),
        migrations.AddIndex(
            model_name='publicpage',
            index=models.Index(
                condition=models.Q(('is_listed', True)), fields=['-last_reviewed', '-id'], name='public_reviewed'
            ),
        ),
    ]
