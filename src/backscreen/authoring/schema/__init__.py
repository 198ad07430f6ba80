"""JSON Schemas of the files of a rulebook, for editors."""
