from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editorial', '0004_first_steps_closed'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='subject',
            field=models.CharField(blank=True, default='', help_text='What it is about, as audit events name it; empty: nothing.', max_length=80),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('subject', ''), _negated=True), fields=['subject', 'created_at'], name='outbox_subjects'),
        ),
    ]
