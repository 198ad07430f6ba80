"""New rulebooks, rules and cases."""
