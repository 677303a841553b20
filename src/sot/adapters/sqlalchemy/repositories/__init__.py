"""The repositories over the tables."""
