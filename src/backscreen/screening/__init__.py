"""One person: from a profile to a screening with reasons."""
