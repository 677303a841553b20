"""Signing and verifying checkpoints with Ed25519 keys (extra `signing`).

What always holds: no part of a key or password is in an error, a log or a `repr`.
"""

from sot.adapters.signing.ed25519 import Ed25519Signer, Ed25519Verifier

__all__ = ["Ed25519Signer", "Ed25519Verifier"]
