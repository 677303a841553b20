"""Change what a simulated venue can do."""

import attrs

from sot.adapters.venues.simulated import SimulatedVenue


def set_capabilities(monkeypatch, scenario, **changes):
    """Change some capabilities of a scenario's venue."""
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, **changes))
