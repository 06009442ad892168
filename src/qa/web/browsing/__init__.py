"""The pages for those who would rather look than ask: the list of operators, and every guide."""
