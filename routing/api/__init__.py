"""What the router proposed and why, for machines; and choosing from it."""
