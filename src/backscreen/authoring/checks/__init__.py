"""What a careful reviewer would send back, though it can be read; `authoring/checking.py` puts it together."""
