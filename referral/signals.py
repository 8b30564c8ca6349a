"""What case work tells the apps above it. Sent inside the transaction that made the change."""

from __future__ import annotations

from django.dispatch import Signal

need_due = Signal()  # need_id: somebody should look for help; a nudge, the row is the work
told_anew = Signal()  # case_id, at: something was told that was not known before
merged = Signal()  # surviving_id, ended_id, who (their member → the one that goes on), at
swept = Signal()  # at: the sweep looks; whoever has rows with a clock of their own looks too
demonstrated = Signal()  # cases (key → id), at: invented ones were made; sealed rooms add theirs
need_overdue = Signal()  # need_id, at: nobody has looked for a while; do it now
