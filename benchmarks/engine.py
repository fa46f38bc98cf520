"""How fast the engine is: `python -m benchmarks.engine [--json] [--quick]`.

A household of 8 debts over 60 months, on lowered arrays and the whole way from plans, beside two loops in the same
process on a share of the work: a textbook monthly avalanche (what hobby calculators do) and the plain day loop (the
same rules, day by day). Times are medians of several runs in milliseconds; the ratios are what counts, since
machines differ. Peak memory and the compiling are measured in processes of their own.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks.day_loop import day_loop
from benchmarks.textbook import textbook_avalanche
from core.engine import compiled
from core.engine.lower import lower
from core.plan import Plan, plan_from
from core.simulate import STRATEGIES, Scenario, simulate, warm

NUMBERS = {name: number for number, name in enumerate(STRATEGIES)}
MANY = 10_000


def household(debts: int = 8, months: int = 60, income: int = 9000) -> dict[str, Any]:
    """A plan of instalment loans of all methods and cards, on an income that pays most of them."""
    methods = ("equal_principal", "equal_instalment", "interest_only", "flat_fee", "equal_principal")
    listed: list[dict[str, Any]] = []
    for k in range(debts):
        debt: dict[str, Any] = {"id": f"d{k}", "name": f"d{k}", "daily_rate": "0.0005" if k % 2 else "0.0004"}
        if k % 8 < 5:
            debt |= {"kind": "instalment", "method": methods[k % 5], "principal": f"{9000 + 900 * k}.00"}
            debt |= {"instalments_left": 12 + 6 * (k % 5), "due_day": 3 + 3 * k % 26}
            if methods[k % 5] == "flat_fee":
                debt["fee_per_instalment"] = "66.00"
        else:
            debt |= {"kind": "card", "balance": f"{15000 + 500 * k}.00", "statement_day": 5 + k % 20, "due_day": 25}
        listed.append(debt)
    money = {"payday": 10, "cash": "3000.00", "reserve": "1000.00", "one_offs": []}
    money["incomes"] = [{"name": "income", "amount": f"{income * debts // 8}.00"}]
    money["expenses"] = [{"name": "living", "category": "food", "amount": f"{500 * debts}.00", "essential": True}]
    return {
        "schema": "ashore.plan/1",
        "as_of": "2026-11-01",
        "horizon_months": months,
        "household": money,
        "debts": listed,
    }


def lasting(debts: int, months: int) -> dict[str, Any]:
    """A plan whose debts all stay open to its end, so that the work grows with debts and months alone."""
    mapping = household(debts, months, income=30_000)
    methods = ("equal_principal", "equal_instalment", "interest_only", "flat_fee")
    mapping["debts"] = [
        {
            "id": f"d{k}", "name": f"d{k}", "daily_rate": "0.0004", "kind": "instalment", "method": methods[k % 4],
            "principal": "20000.00", "instalments_left": months, "due_day": 1 + 3 * k % 28,
        } | ({"fee_per_instalment": "66.00"} if k % 4 == 3 else {})
        for k in range(debts)
    ]  # fmt: skip
    return mapping


def futures(plan: Plan, count: int) -> list[Scenario]:
    """Scenarios of one plan's debts on `count / 6` incomes, each under six strategies."""
    scenarios: list[Scenario] = []
    income = plan.household.incomes[0]
    for k in range(-(-count // len(STRATEGIES))):
        other = income.model_copy(update={"amount": income.amount - 300_000 + 600_000 * k * len(STRATEGIES) // count})
        variant = plan.model_copy(update={"household": plan.household.model_copy(update={"incomes": (other,)})})
        scenarios += [Scenario(variant, strategy) for strategy in STRATEGIES]
    return scenarios[:count]


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """The median of several runs."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def textbook(mapping: dict[str, Any]) -> Callable[[], object]:
    """The textbook loop on the same debts and months, the minimums being what sixty equal payments would take."""
    debts = [
        (float(debt.get("principal") or debt["balance"]), float(debt["daily_rate"]) * 365, 1.0)
        for debt in mapping["debts"]
    ]
    minimums = [(balance, rate, balance / 60 + balance * rate / 12) for balance, rate, _ in debts]
    budget = sum(minimum for _, _, minimum in minimums)
    return lambda: textbook_avalanche(minimums, budget, mapping["horizon_months"])


def _child(program: str, cache: str | None = None) -> dict[str, float]:
    """Run a program that prints one JSON object in a fresh process."""
    environment = {**os.environ, "ASHORE_CACHE_DIR": cache} if cache else dict(os.environ)
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    return json.loads(answer.stdout)


_IMPORT = """
import json, time
began = time.perf_counter()
import core.simulate
imported = time.perf_counter()
core.simulate.warm()
print(json.dumps({"import_s": imported - began, "kernel_s": time.perf_counter() - imported}))
"""
_MEMORY = """
import json, resource
from benchmarks.engine import MANY, futures, household
from core.plan import plan_from
from core.simulate import simulate, warm
warm()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
simulate(futures(plan_from(household()), MANY), output="summary", threads=2)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"peak_mb": after / 1024, "above_start_mb": (after - before) / 1024}))
"""


def measure(*, quick: bool) -> dict[str, float]:
    """Every figure, in milliseconds unless its name says otherwise."""
    runs = 3 if quick else 9
    mapping = household()
    plan = plan_from(mapping)
    warm()
    six = [Scenario(plan, strategy) for strategy in STRATEGIES]
    figures: dict[str, float] = {}

    def kernel(name: str, scenarios: list[Scenario], *, full: bool, threads: int = 1, times: int = runs) -> None:
        batch = lower(scenarios, NUMBERS, days=None if full else (), details=full)
        figures[name] = milliseconds(lambda: compiled.run(batch, threads=threads), times)

    kernel("one_plan_six_strategies", six, full=True, times=50)
    figures["one_plan_six_strategies_from_plan"] = milliseconds(lambda: simulate(six), 50)
    some, many = futures(plan, 300), futures(plan, MANY)
    kernel("300_full", some, full=True)
    figures["300_full_from_plans"] = milliseconds(lambda: simulate(some), runs)
    kernel("10000_summary_1_thread", many, full=False)
    kernel("10000_summary_2_threads", many, full=False, threads=2)
    figures["10000_summary_2_threads_from_plans"] = milliseconds(
        lambda: simulate(many, output="summary", threads=2), max(2, runs // 3)
    )
    figures["scenario_us"] = figures["10000_summary_1_thread"] / MANY * 1000

    figures["textbook_us"] = milliseconds(textbook(mapping), 200) * 1000
    figures["day_loop_us"] = milliseconds(lambda: day_loop(mapping, "avalanche"), 2 if quick else 5) * 1000
    figures["textbook_per_scenario_ratio"] = figures["textbook_us"] / figures["scenario_us"]
    figures["day_loop_per_scenario_ratio"] = figures["day_loop_us"] / figures["scenario_us"]

    for debts, months in ((8, 60), (8, 360), (40, 60), (40, 360)):
        grown = [Scenario(plan_from(lasting(debts, months)), "minimum")] * 60
        batch = lower(grown, NUMBERS, days=(), details=False)
        spent = milliseconds(lambda batch=batch: compiled.run(batch), runs)
        figures[f"ns_per_debt_month_{debts}_debts_{months}_months"] = spent * 1e6 / (60 * debts * months)

    with tempfile.TemporaryDirectory() as cache:
        figures["cold_compile_s"] = _child(_IMPORT, cache)["kernel_s"]
    warm_start = _child(_IMPORT)
    figures["warm_import_s"] = warm_start["import_s"]
    figures["warm_kernel_load_s"] = warm_start["kernel_s"]
    memory = _child(_MEMORY)
    figures["peak_memory_mb"] = memory["peak_mb"]
    figures["memory_above_start_mb"] = memory["above_start_mb"]
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    options = parser.parse_args()
    figures = measure(quick=options.quick)
    if options.json:
        print(
            json.dumps(
                {"machine": platform.processor() or platform.machine(), "cores": os.cpu_count(), **figures}, indent=1
            )
        )
        return
    for name, value in figures.items():
        print(f"{name:<42}{value:>14,.3f}")


if __name__ == "__main__":
    main()
