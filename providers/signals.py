"""What the directory tells the apps above it. Sent inside the transaction of the change, and before
any row of a service is locked: who listens locks cases first, as everybody does."""

from __future__ import annotations

from django.dispatch import Signal

something_changed = Signal()  # services: ids that stand where it changed; at; shut: nobody enters
evacuating = Signal()  # services: ids that are being evacuated; at
