"""An index of the few sources that were retracted or withdrawn, which every check of citations looks through."""

from django.db import migrations, models

from editorial.operations import AddIndexBeside


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('articles', '0012_lists_at_size'),
    ]

    operations = [
        AddIndexBeside(
            model_name='reference',
            index=models.Index(
                condition=models.Q(('status__in', ['retracted', 'withdrawn'])), fields=['doi'], name='references_grave'
            ),
        ),
    ]
