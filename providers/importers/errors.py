"""What an import can be refused for."""

from __future__ import annotations


class UnableToImport(ValueError):
    """The file as a whole cannot be used. The message says what was expected and what to do."""
