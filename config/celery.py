"""The Celery application. The row is the work; a message is only a nudge."""

from __future__ import annotations

import logging.config
import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Said of workers that run as root, as in a container. Messages are JSON: none can run code.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("opennrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_web(**_) -> None:
    """Celery's own handlers would print task arguments and colours; ours print JSON."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
