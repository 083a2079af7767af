"""What loading the code location costs over `import dagster`: Dagster pays it for every run and every daemon start.

Run: `python bench/import_cost.py [--runs 7]`

Fresh interpreters, the two imports in turn, the quickest of each: what else the machine does only ever adds.
One JSON line; 1 is returned when the target is missed.
"""

import argparse
import json
import subprocess
import sys

TARGET = 0.5
DAGSTER = "import dagster"
OURS = f"{DAGSTER}, shorts_pipeline.definitions"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    # The first pair only warms the caches of files and byte code.
    measured = [(_seconds(DAGSTER), _seconds(OURS)) for _ in range(runs + 1)][1:]
    without, including = (min(column) for column in zip(*measured, strict=True))
    cost = including - without
    figure = {"name": "import_cost_over_dagster", "value": round(cost, 3), "unit": "s", "target": TARGET}
    print(json.dumps({**figure, "ok": cost <= TARGET}))
    return 0 if cost <= TARGET else 1


def _seconds(statement: str) -> float:
    """Wall time of the statement, without the interpreter's own start."""
    code = f"import time; begin = time.perf_counter(); {statement}; print(time.perf_counter() - begin)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
