"""Signing checkpoints with Ed25519 keys (extra `signing`)."""

from sot.adapters.signing.ed25519 import Ed25519Signer, Ed25519Verifier

__all__ = ["Ed25519Signer", "Ed25519Verifier"]
