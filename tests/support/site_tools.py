"""The tools that build the site of the documentation, which are no package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tools" / "site"


def site_tool(name: str) -> ModuleType:
    """Import a module of `tools/site`."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)
