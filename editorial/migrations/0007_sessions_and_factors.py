from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editorial', '0006_changes_noted'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='factor_demanded_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='Since when their roles demand a passkey or one-time codes.', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='session_generation',
            field=models.PositiveIntegerField(default=0, editable=False, help_text="Raised by whatever ends this person's sessions."),
        ),
    ]
