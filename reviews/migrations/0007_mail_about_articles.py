"""Says of mails that were written before which article they are about, read from the page that they link to."""

import re

from django.db import migrations

ARTICLE = re.compile(r"^/admin/articles/article/(\d{1,18})/change/$")
SEAT = re.compile(r"^/admin/reviews/(\d{1,18})/$")
BATCH = 2000


def name_subjects(apps, schema_editor):
    messages = apps.get_model("editorial", "OutboxMessage").objects
    articles = apps.get_model("articles", "Article").objects
    seats = apps.get_model("reviews", "ReviewAssignment").objects
    last = 0
    while rows := list(messages.filter(pk__gt=last, subject="").order_by("pk").only("payload")[:BATCH]):
        last = rows[-1].pk
        of_article = {row.pk: int(found[1]) for row in rows if (found := ARTICLE.match(_path(row)))}
        of_seat = {row.pk: int(found[1]) for row in rows if (found := SEAT.match(_path(row)))}
        known = dict(articles.filter(pk__in=set(of_article.values())).values_list("pk", "uuid"))
        known_seats = dict(seats.filter(pk__in=set(of_seat.values())).values_list("pk", "round__article__uuid"))
        for row in rows:
            uuid = known.get(of_article.get(row.pk)) or known_seats.get(of_seat.get(row.pk))
            row.subject = f"article:{uuid}" if uuid else ""
        messages.bulk_update([row for row in rows if row.subject], ["subject"])


def _path(row):
    return str(row.payload.get("path", "")) if isinstance(row.payload, dict) else ""


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_find_what_is_due'),
        ('editorial', '0005_mail_by_subject'),
        ('reviews', '0006_rounds_at_a_pace'),
    ]

    operations = [
        migrations.RunPython(name_subjects, migrations.RunPython.noop),
    ]
