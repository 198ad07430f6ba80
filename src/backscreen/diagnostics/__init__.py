"""Codes, messages and help for what is wrong in a file or a call, and the exceptions that carry them."""
