"""The repositories over dictionaries."""
