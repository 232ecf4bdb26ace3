"""A topic's list and feed by an index each; those of the two keys alone aren't needed beside them."""

import django.db.models.deletion
from django.db import migrations, models

from editorial.operations import AddIndexBeside


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('articles', '0014_topic_days'),
    ]

    operations = [
        AddIndexBeside(
            model_name='publicpagetopic',
            index=models.Index(condition=models.Q(('reviewed_on__isnull', False)), fields=['publictopic', '-reviewed_on', '-id'], name='topic_reviewed'),
        ),
        AddIndexBeside(
            model_name='publicpagetopic',
            index=models.Index(fields=['publictopic', '-changed_at', '-id'], name='topic_fed'),
        ),
        migrations.AlterField(  # why-safe: it drops an index beside which the unique one begins with the same column
            model_name='publicpagetopic',
            name='publicpage',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='under', to='articles.publicpage'),
        ),
        migrations.AlterField(  # why-safe: it drops an index beside which the two above begin with the same column
            model_name='publicpagetopic',
            name='publictopic',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='under', to='articles.publictopic'),
        ),
    ]
