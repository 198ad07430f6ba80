"""What somebody means to write → the files to fill in."""
