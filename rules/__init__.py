"""Bundled rulebooks, as YAML. This file makes the folder a package (docs/decisions/005-rules-is-a-package.md)."""
