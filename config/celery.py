"""The Celery application. Tasks live in the apps; the schedule lives in the settings and nowhere else."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from config import folder_queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

folder_queue.register()
app = Celery("imprimatur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
