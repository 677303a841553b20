"""The tools of the documentation, which are no package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
FOLDER = TOOLS / "site"


def tool(name: str, folder: Path = TOOLS) -> ModuleType:
    """Import a module of `tools`."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module(name)


def site_tool(name: str) -> ModuleType:
    """Import a module of `tools/site`."""
    return tool(name, FOLDER)
