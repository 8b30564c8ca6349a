"""Pages of case work: one file per place where somebody works."""
