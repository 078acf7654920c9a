"""`python -m benchmarks [name …]`: measures and prints every ratio; exit status 1 when one breaks its limit."""

import importlib
import sys

NAMES = ("build", "web", "views", "forecast", "outlook", "exports", "findings", "report")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    results = [result for name in names or NAMES for result in importlib.import_module(f"benchmarks.{name}").measure()]
    for result in results:
        sign = "<=" if result.at_most else ">="
        verdict = "ok" if result.is_good else "BROKEN"
        values = f"{result.ours:.3g} against {result.peer:.3g} {result.unit}"
        print(f"{result.name}: {values}, ratio {result.ratio:.2f} ({sign} {result.limit:g}) {verdict}")
    return 0 if all(result.is_good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
