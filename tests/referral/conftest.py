from tests.cast import *  # noqa: F403
from tests.people import at_nine, cast  # noqa: F401
