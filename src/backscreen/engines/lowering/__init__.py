"""Forms that several compilers share: flat facts, two-valued terms and bit masks."""
