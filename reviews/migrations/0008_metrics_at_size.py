"""Indexes by which figures of a period find its rounds and seats among those of all years."""

from django.db import migrations, models

from editorial.operations import AddIndexBeside


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('reviews', '0007_mail_about_articles'),
    ]

    operations = [
        AddIndexBeside(
            model_name='reviewround',
            index=models.Index(fields=['closed_at'], name='rounds_by_end'),
        ),
        AddIndexBeside(
            model_name='reviewassignment',
            index=models.Index(fields=['ended_at'], name='assignments_by_end'),
        ),
        AddIndexBeside(
            model_name='reviewassignment',
            index=models.Index(fields=['review_on'], name='assignments_by_day'),
        ),
    ]
