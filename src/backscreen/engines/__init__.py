"""Each one reading of the conditions; all of them answer to the reference."""
