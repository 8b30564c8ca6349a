"""The composition root: it imports the apps' settings and addresses; nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
