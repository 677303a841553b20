"""Venues that need no other library; `simulated` is for tests, demonstrations and paper trading."""
