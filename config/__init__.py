"""The frame: settings, addresses, base templates. Names the three apps as strings only."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
