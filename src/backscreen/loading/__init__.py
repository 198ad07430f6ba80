"""Files → rulebooks and profiles, with file:line:column on every complaint."""
