"""For those who write rulebooks: cases, coverage."""
