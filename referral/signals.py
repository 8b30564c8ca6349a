"""What case work tells the apps above it. Sent inside the transaction that made the change."""

from __future__ import annotations

from django.dispatch import Signal

need_due = Signal()  # need_id: somebody should look for help; a nudge, the row is the work
need_overdue = Signal()  # need_id, at: nobody has looked for a while; do it now
