"""Every sentence about a fact, a condition, an effect or a profile, once for all outputs."""
