import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_find_what_is_due'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='question_words', to='articles.article')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('word', 'article'), name='one_row_a_word_of_a_title')],
            },
        ),
        migrations.CreateModel(
            name='LikeQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.PositiveSmallIntegerField(help_text="How much of both titles' words they share, by weight.")),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
            ],
            options={
                'ordering': ['-percent', 'id'],
                'constraints': [models.UniqueConstraint(fields=('article', 'other'), name='one_row_a_pair_of_titles'), models.CheckConstraint(condition=Q(('article__lt', F('other'))), name='the_older_title_first')],
            },
        ),
    ]
