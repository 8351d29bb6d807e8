"""Random configurations for the two ways to check a file, until a time is over: `make fuzz`.

The invariant: whatever is in a file, `--check` and `-t` end with one of their exit codes, within a time
that grows with the file and not faster, and say nothing on the way but findings. What breaks it is kept
in a file, whose name tells how to make it again.
"""

import argparse
import contextlib
import io
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from keepalived_py.cli.main import main
from keepalived_py.schema.keywords import contexts

TESTS = Path(__file__).parent
CORPUS = Path(os.environ.get("KEEPALIVED_PY_CORPUS") or TESTS.parents[1] / "shared" / "corpus") / "files"
INPUT_SECONDS_MAX = 30
"""CPU; enough for as many lines as may come out of expansions."""

KEYWORDS = sorted({row.name for _, row in contexts()})
ODDITIES = [
    *("{", "}", "{ }", '"', "'", "\\", "#", "!", "$X", "${X}", "$X=", "$X=$X", "$X=a\\\n$X\\\n"),
    *("${_ENV HOME}", "${_RANDOM 1}"),
    *("~SEQ(X,1,3)", "~SEQ(X,1,99999999)", "~SEQx(X,0,1,255) ", "~LST({X,Y},{1,2},{3})", "@a", "@^a"),
    *("include *", "include {a,b", "includea x", "\n", "\r\n", "\t", "\0", "\xff", "\N{NO-BREAK SPACE}", "é"),
    *("10.0.0.1", "10.0.0.1/99", "fe80::1%eth0", "::", "-1", "+1", "1e9", "3.5", "eth0"),
    *("99999999999999999999", "weight", "reverse", "dev", "-" * 300, "x" * 1100),
]  # fmt: skip
EXIT_CODES = {"--check": {0, 1, 2}, "-t": {0, 2, 4, 5, 6}}


def seeds_of_files() -> list[bytes]:
    """The files that are mutated: those of the corpus where it is, else those of the tests."""
    directory, pattern = (CORPUS, "*.conf") if CORPUS.is_dir() else (TESTS, "**/*.conf")
    files = [file.read_bytes() for file in sorted(directory.glob(pattern))]
    print(f"{len(files)} files of {directory} to mutate")
    return [data for data in files if len(data) < 100_000]


def piece(dice: random.Random) -> str:
    return dice.choice(KEYWORDS if dice.random() < 0.5 else ODDITIES)


def arbitrary_bytes(dice: random.Random, files: list[bytes]) -> bytes:
    return dice.randbytes(dice.randrange(2000))


def words_in_any_order(dice: random.Random, files: list[bytes]) -> bytes:
    words = (piece(dice) + dice.choice(" \n") for _ in range(dice.randrange(300)))
    return "".join(words).encode("utf-8", "surrogateescape")


def mutated_file(dice: random.Random, files: list[bytes]) -> bytes:
    data = bytearray(dice.choice(files))
    for _ in range(dice.randint(1, 20)):
        place = dice.randint(0, len(data))
        match dice.randrange(5):
            case 0:
                del data[place : place + dice.randrange(60)]
            case 1:
                data[place:place] = piece(dice).encode()
            case 2:
                data[place : place + 1] = dice.randbytes(1)
            case 3:
                start = dice.randint(0, len(data))
                data[place:place] = data[start : start + dice.randrange(400)]
            case _:
                other = dice.choice(files)
                start = dice.randint(0, len(other))
                data[place:place] = other[start : start + dice.randrange(400)]
    return bytes(data)


def nested_blocks(dice: random.Random, files: list[bytes]) -> bytes:
    opener = dice.choice(
        ["{", "{\n", "vrrp_instance a {\n", "virtual_server 10.0.0.1 80 {", f"{piece(dice)} {{"]
    )
    return (opener * dice.randrange(5000) + "}" * dice.randrange(5000)).encode()


def definitions_of_definitions(dice: random.Random, files: list[bytes]) -> bytes:
    """Definitions that name each other, in circles too, on one line or several, in sequences."""
    names = [f"D{number}" for number in range(dice.randint(1, 12))]
    lines = []
    for name in names:
        text = " ".join(f"${{{dice.choice(names)}}}" for _ in range(dice.randint(0, 4)))
        lines.append(f"${name}={text}" + dice.choice(["", f"\\\n{text}\\\n  ${dice.choice(names)}\n"]))
    for _ in range(dice.randint(1, 6)):
        sequence = dice.choice(
            ["", f"~SEQ({dice.choice(names)},1,{10 ** dice.randint(0, 6)}) ", "~LST(D0,a,b) "]
        )
        lines.append(
            sequence * dice.randint(1, 3) + f"router_id ${{{dice.choice(names)}}} ${dice.choice(names)}"
        )
    dice.shuffle(lines)
    return "\n".join(lines).encode()


MAKERS: tuple[Callable[[random.Random, list[bytes]], bytes], ...] = (
    *(arbitrary_bytes, words_in_any_order, nested_blocks, definitions_of_definitions),
    *(mutated_file,) * 8,
)


def run(option: str, path: Path) -> str:
    """What is wrong with a run of one way to check; empty if nothing is."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.argv = ["keepalived-py", option, "-f", str(path), "-i", "a"]
    code: object = None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), time_limit(INPUT_SECONDS_MAX):
            main()
    except SystemExit as ended:
        code = ended.code
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return traceback.format_exc()
    return "" if code in EXIT_CODES[option] else f"exit code {code}"


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    def expire(number: int, frame: object) -> None:
        raise TimeoutError(f"more than {seconds} s of CPU")

    signal.signal(signal.SIGPROF, expire)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def fuzz(seconds: float, seed: int) -> int:
    """Try inputs for so long; returns how many broke the invariant."""
    files = seeds_of_files()
    directory = Path(tempfile.mkdtemp(prefix="keepalived-py-fuzz."))
    path = directory / "keepalived.conf"
    tried: Counter[str] = Counter()
    broken = 0
    slowest = (0.0, "")
    ends = time.monotonic() + seconds
    print(f"seed {seed}, for {seconds:g} s")
    while time.monotonic() < ends:
        number = tried.total()
        dice = random.Random(f"{seed}/{number}")
        make = dice.choice(MAKERS)
        path.write_bytes(make(dice, files))
        tried[make.__name__] += 1
        for option in EXIT_CODES:
            start = time.process_time()
            wrong = run(option, path)
            slowest = max(slowest, (time.process_time() - start, f"{option} {make.__name__} {seed}/{number}"))
            if wrong:
                broken += 1
                kept = directory / f"{seed}-{number}.conf"
                kept.write_bytes(path.read_bytes())
                print(f"{option} {kept} ({make.__name__}):\n{wrong}", flush=True)
    print(f"{tried.total()} inputs: {', '.join(f'{count} {name}' for name, count in sorted(tried.items()))}")
    print(f"slowest: {slowest[0]:.1f} s CPU, {slowest[1]}")
    print(f"{broken} broken" if broken else "none broken")
    return broken


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=600)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = arguments.parse_args()
    sys.exit(bool(fuzz(options.seconds, options.seed)))
