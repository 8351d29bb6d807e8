"""`make bench`: all figures, the table in README.md, and results.json beside this file.

    python -m conformance.bench [--quick] [FIGURE…]

With names only these are measured, and nothing is written. `--quick` repeats too little to be believed.
"""

import argparse
import os
import sys
import threading
import time
import traceback

from conformance.bench import check, cut_off, load, nginx, punctuality
from conformance.bench.frame import Effort, Figure
from conformance.bench.table import HEAD, RESULTS, Results, line

FIGURES = [
    Figure("nginx", 4, nginx.measure),
    Figure("cut-off", 1.5, cut_off.measure),
    Figure("10ms", 0.8, cut_off.measure_shortest),
    Figure("cpu-250", 1, load.measure_cpu_250),
    Figure("cpu-1000", 1.5, load.measure_cpu_1000),
    Figure("rest", 1.5, load.measure_rest),
    Figure("lateness", 2, punctuality.measure_lateness),
    Figure("reload", 1.5, punctuality.measure_reload),
    Figure("memory", 1, load.measure_memory),
    Figure("check", 0.5, check.measure),
    Figure("10ms-busy", 5.5, cut_off.measure_false),
]
LIMIT_MINUTES = 19.5


def give_up() -> None:
    """The namespaces, and all in them, end with this process; what was measured is written."""
    print(f"not done within {LIMIT_MINUTES:g} minutes: stopped", file=sys.stderr, flush=True)
    os._exit(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m conformance.bench")
    parser.add_argument("--quick", action="store_true", help="repeat too little to be believed")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(one.name for one in FIGURES))
    options = parser.parse_args()
    if unknown := set(options.figures) - {figure.name for figure in FIGURES}:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    if os.geteuid() != 0:
        print("make bench makes network namespaces, which needs root: sudo make bench", file=sys.stderr)
        return 1

    effort, results = Effort(options.quick), Results(options.quick)
    started = time.monotonic()
    watchdog = threading.Timer(LIMIT_MINUTES * 60, give_up)
    watchdog.daemon = True
    watchdog.start()
    print(*HEAD, sep="\n", flush=True)
    for figure in FIGURES:
        if options.figures and figure.name not in options.figures:
            continue
        if (time.monotonic() - started) / 60 + figure.minutes > LIMIT_MINUTES:
            results.missing[figure.name] = "no time was left"
        else:
            try:
                for row in figure.measure(effort):
                    results.figures.setdefault(figure.name, []).append(row)
                    print(line(row), flush=True)
            except Exception as error:  # whatever it is, it shall not cost the other figures
                traceback.print_exc()
                results.missing[figure.name] = str(error) or type(error).__name__
        if why := results.missing.get(figure.name):
            print(f"{figure.name}: not measured: {why}", file=sys.stderr, flush=True)
        if not options.figures:
            results.write()
    if not options.figures:
        print(f"\nThe table is in README.md, all values are in {RESULTS}.")
    return 1 if results.missing else 0


if __name__ == "__main__":
    sys.exit(main())
