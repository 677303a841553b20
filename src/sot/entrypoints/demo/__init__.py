"""The demonstration: real orders of real exchanges, and a few intents on a simulated venue."""
