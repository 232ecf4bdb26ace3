"""What the desk calls readers' messages."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0009_people_by_day'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='readermessage',
            options={
                'ordering': ['-received_at', '-pk'],
                'verbose_name': 'message from a reader',
                'verbose_name_plural': 'messages from readers',
            },
        ),
    ]
