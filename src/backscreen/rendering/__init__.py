"""How things are shown: text, Markdown, tables."""
