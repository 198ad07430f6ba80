"""One person: from a checked profile to a screening."""
