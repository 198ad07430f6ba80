"""A rulebook as Markdown pages with diagrams."""
