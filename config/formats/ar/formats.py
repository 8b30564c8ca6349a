"""Arabic as written where this is used: 2,733 and 4.85. Django’s “2.733” reads as two and a bit."""

from __future__ import annotations

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
