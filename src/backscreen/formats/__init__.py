"""Reading and writing YAML, and output folders that appear whole or not at all."""
