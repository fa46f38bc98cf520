"""How long the answer to a guess takes: unknown id, wrong secret, another's secret, and the right one of an ended link.

The cases come in random order, each with keys that are derived anew, against a database with many plans and links. The
first three must not be told apart by their time. Then 10,000 guesses from one address, as a host would meet them.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.household import dump_household, read_household
from core.sharing import Address, Book, Hidden, Limits, Owner, Secret, SharingError, figures_of
from core.sharing.secrets import new_id, new_secret
from core.store import Store

SAMPLE = Path(__file__).parents[1] / "sample_data" / "family_that_helps.json"
GUESSES = 10_000
_HOME = "192.0.2.1"
_FREE = Limits(guesses_per_minute=10**9, writes_per_minute=10**9, plans_per_hour=10**9)


def measure(folder: str, *, runs: int, plans: int) -> dict[str, float]:
    """Measure every case.

    Args:
        folder: Where a database may be made.
        runs: Answers a case.
        plans: So many plans, each with two links.

    Returns:
        Microseconds by case, median and 95th percentile; how far the medians of the first cases lie apart, in percent;
        counts and seconds of `GUESSES` guesses from one address.
    """
    with Store.open(Path(folder) / "guesses.db") as store:
        book = Book(store, _FREE)
        document = read_household(SAMPLE)
        data, figures = dump_household(document).encode(), figures_of(document)
        owners = [book.create(data, _HOME) for _ in range(plans)]
        links = [[owner.make_link("a", Hidden(), figures, 1) for _ in range(2)] for owner in owners]
        for owner, (_, ended) in zip(owners, links, strict=True):
            owner.revoke(ended)
        cases = _cases(owners, [(live.address, ended.address) for live, ended in links])
        figures_found = _times(book, cases, runs)
        figures_found |= _flood(Book(store), owners[0])
    return figures_found


Case = Callable[[], tuple[str, Secret]]


def _cases(owners: list[Owner], links: list[tuple[Address, Address]]) -> dict[str, Case]:
    noise = random.SystemRandom().randbytes
    pick = random.Random(1).choice
    return {
        "unknown_id": lambda: (new_id(noise), new_secret(noise)),
        "wrong_secret_of_a_plan": lambda: (pick(owners).address.id, new_secret(noise)),
        "wrong_secret_of_a_link": lambda: (pick(links)[0].id, new_secret(noise)),
        "wrong_secret_of_an_ended_link": lambda: (pick(links)[1].id, new_secret(noise)),
        "anothers_secret": lambda: (pick(links)[0].id, pick(owners).address.secret),
        "right_secret_of_an_ended_link": lambda: _address(pick(links)[1]),
        "right_secret_of_a_link": lambda: _address(pick(links)[0]),
    }


def _address(address: Address) -> tuple[str, Secret]:
    return address.id, address.secret


def _times(book: Book, cases: dict[str, Case], runs: int) -> dict[str, float]:
    order = [name for name in cases for _ in range(runs)]
    random.Random(2).shuffle(order)
    spent: dict[str, list[float]] = {name: [] for name in cases}
    for name in order:
        door, known = cases[name]()
        secret = Secret(known.characters)  # without the keys that the other one has derived already
        begun = time.perf_counter()
        with suppress(SharingError):
            book.open(door, secret, _HOME)
        spent[name].append((time.perf_counter() - begun) * 1e6)
    found: dict[str, float] = {}
    for name, times in spent.items():
        found[f"{name}_median_us"] = statistics.median(times)
        found[f"{name}_p95_us"] = statistics.quantiles(times, n=20)[-1]
    medians = [found[f"{name}_median_us"] for name in list(cases)[:5]]
    found["refusals_apart_percent"] = (max(medians) / min(medians) - 1) * 100
    return found


def _flood(book: Book, owner: Owner) -> dict[str, float]:
    noise = random.SystemRandom().randbytes
    answers: Counter[str] = Counter()
    begun = time.perf_counter()
    for _ in range(GUESSES):
        try:
            book.open(owner.address.id, new_secret(noise), _HOME)
        except SharingError as error:
            answers[error.reason] += 1
    return {f"{GUESSES}_guesses_s": time.perf_counter() - begun} | {
        f"{GUESSES}_guesses_{reason}": count for reason, count in answers.items()
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guesses", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=2000, help="answers a case")
    parser.add_argument("--plans", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(folder, runs=options.runs, plans=options.plans)
    if options.json:
        print(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        print(f"{name:<44}{value:>12,.2f}")


if __name__ == "__main__":
    main()
