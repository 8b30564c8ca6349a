from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    name = "referral.voice"
    label = "voice"
    verbose_name = _("The person’s own voice")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from referral.voice import demo, services

        signals.merged.connect(services.merged, dispatch_uid="voice.merged")
        signals.demonstrated.connect(demo.load, dispatch_uid="voice.demo")
