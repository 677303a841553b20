"""Write the JSON Schema of the format of vectors. `make docs` runs it; with --check it only reports what is stale."""

import sys
from pathlib import Path

from sot.testing.vectors.format import schema_text

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "docs" / "reference" / "vector.schema.json"


def main() -> int:
    """Write the file; with --check only report whether it is stale."""
    text = schema_text()
    if SCHEMA.exists() and SCHEMA.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print(f"stale: {SCHEMA.relative_to(ROOT)}")
        return 1
    SCHEMA.write_text(text, "utf-8")
    print(f"written: {SCHEMA.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
