"""A rulebook as pages of Markdown, for those who review it."""
