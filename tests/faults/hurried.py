"""The real Celery application with every time limit of the senders a tenth of what it is, for workers of these tests.

``celery -A tests.faults.hurried worker``. The proportions stay: a lease outlives the run that took it.
"""

import django
from django.conf import settings

from config.celery import app

__all__ = ["app"]

django.setup()

from editorial import leasing, sending  # noqa: E402 — why: models need the setup
from reviews.models import reminder  # noqa: E402

TENTH = 10
leasing.LEASE_SECONDS = leasing.LEASE_SECONDS / TENTH
reminder.LEASE = reminder.LEASE / TENTH
sending.BATCH_SECONDS = sending.BATCH_SECONDS / TENTH
settings.EMAIL_TIMEOUT = settings.EMAIL_TIMEOUT / TENTH
