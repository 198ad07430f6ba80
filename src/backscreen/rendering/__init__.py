"""Tables, reports and pages. This package shows and decides nothing."""
