"""The directory for machines, and what every app's part of `/api/v1/` is built on."""
