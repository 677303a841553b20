from tests.support.awaited_stores import place

__all__ = ["place"]
