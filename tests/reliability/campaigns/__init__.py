"""Campaigns: searches for violations of the promises that go on for as long as they are given.

Each module with a function `run(seconds, seed)`, which returns a `CampaignReport`, is a campaign; the first line of its
docstring says what happens in it. `make campaign MINUTES=n` runs them all (`tools/campaign.py`), and tests in
`tests/reliability` run a short form of each. The same seed draws the same trials; how many depends on the time.
"""

import importlib
import pkgutil
import time
import traceback
from collections.abc import Callable
from typing import Any

from tests.reliability.campaigns.report import CampaignReport


def campaigns() -> dict[str, Callable[[float, int], Any]]:
    """The function `run` of each campaign, by the name of its module."""
    modules = {each.name: importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)}
    return {name: module.run for name, module in sorted(modules.items()) if hasattr(module, "run")}


def run_campaign(name: str, seconds: float, seed: int) -> CampaignReport:
    """Run a campaign; an error of the campaign itself is a violation, too."""
    started = time.monotonic()
    try:
        report: CampaignReport = campaigns()[name](seconds, seed)
    except Exception:
        last_lines = " | ".join(traceback.format_exc().splitlines()[-3:])
        report = CampaignReport(name, seed, violations=[f"the campaign ended with an error: {last_lines}"])
    report.counts["seconds"] = round(time.monotonic() - started)
    return report
