"""The reference, which is the meaning of a rulebook, and the vocabulary that engines share with it."""
