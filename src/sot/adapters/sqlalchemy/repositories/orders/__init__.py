"""Instruments, requests, orders with their events and fills, identifiers, and waiting reports in tables."""
