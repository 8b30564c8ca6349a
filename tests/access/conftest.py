from tests.access.stage import world  # noqa: F401
