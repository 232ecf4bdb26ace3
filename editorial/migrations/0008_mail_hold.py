from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editorial', '0007_sessions_and_factors'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailHold',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('backup_at', models.DateTimeField(blank=True, help_text="What happened after this instant isn't in the database.", null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='mail_is_held_once')],
            },
        ),
    ]
