"""Files for other parties; each format is a package."""
