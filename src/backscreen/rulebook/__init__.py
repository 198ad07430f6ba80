"""What things are: no YAML, no engine."""
