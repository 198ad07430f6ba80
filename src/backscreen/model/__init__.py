"""The data: facts, conditions, effects, the catalogue, rules, rulebooks and profiles."""
