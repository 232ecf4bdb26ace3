"""What falls due for re-review on one day in its own order, too: a list ends with its page."""

from django.db import migrations, models

from editorial.operations import AddIndexBeside


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('articles', '0015_topic_indexes'),
    ]

    operations = [
        AddIndexBeside(
            model_name='publication',
            index=models.Index(condition=models.Q(('status', 'live')), fields=['next_review_due', 'article'], name='publications_due'),
        ),
        migrations.RemoveIndex(  # why-safe: the one above begins with the same column
            model_name='publication',
            name='publications_to_review',
        ),
    ]
