"""Files for others to read; each format is a package of its own."""
