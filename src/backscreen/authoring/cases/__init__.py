"""Running a rulebook's cases and scenarios, and explaining failures."""
