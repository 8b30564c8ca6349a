"""What people write: checked here with kind words; every invariant is held again by a service."""
