"""What commands take: shared arguments, options and choices, and the names that they had before."""
