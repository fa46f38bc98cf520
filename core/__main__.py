"""The command line: `python -m core evaluate | rate | warm`.

Exit status: 0 where all went well, 2 where an input was wrong (its messages stand on standard error, in Chinese and
in English).
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.money import format_fen
from core.plan import Plan, PlanError, Problem, read_plan
from core.rate_command import run_rate
from core.simulate import STRATEGIES, Outcome, Scenario, is_cached, simulate, warm

CHUNK_PLANS = 50
"""Plans that are evaluated at once: bounds the memory whatever the number of files."""
INPUT_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):  # names are Chinese whatever the terminal's locale says
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="python -m core", description="Ashore · 上岸: what debts come to, to the fen."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    evaluate = commands.add_parser("evaluate", help="run plan files under the strategies · 计算方案文件")
    evaluate.add_argument("paths", nargs="+", metavar="PATH", help="a plan file, or a folder of them")
    evaluate.add_argument("--strategy", choices=("all", *STRATEGIES), default="all")
    evaluate.add_argument("--format", choices=("table", "json", "jsonl"), default="table", dest="form")
    rate = commands.add_parser("rate", help="nominal and effective annual rate of payments · 年化利率")
    rate.add_argument("path", metavar="FLOWS.json")
    commands.add_parser("warm", help="compile and cache the engine · 预编译")
    options = parser.parse_args(arguments)
    try:
        if options.command == "evaluate":
            strategies = STRATEGIES if options.strategy == "all" else (options.strategy,)
            return _evaluate(options.paths, strategies, options.form)
        if options.command == "rate":
            return _rate(options.path)
        return _warm()
    except BrokenPipeError:  # the reader went away, as `head` does
        sys.stderr.close()
        return 0


def _warm() -> int:
    cached = is_cached()
    seconds = warm()
    done = "loaded from its cache" if cached else "compiled and cached"
    print(f"engine {done} in {seconds:.1f} s · 引擎已就绪")
    return 0


def _rate(path: str) -> int:
    answer, messages = run_rate(path)
    for message in messages:
        print(message, file=sys.stderr)
    if answer is None:
        return INPUT_ERROR
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _files(paths: Sequence[str]) -> tuple[list[Path], list[Problem]]:
    """The plan files that the paths name, folders opened, and what is wrong with the paths."""
    files: list[Path] = []
    problems: list[Problem] = []
    for name in paths:
        path = Path(name)
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(item for item in path.rglob("*.json") if item.is_file())
        if not inside:
            problems.append(
                Problem(
                    place=name,
                    code="path.empty_folder",
                    zh="文件夹里没有方案文件，应有至少一个 .json 文件",
                    en="the folder holds no plan file; expected at least one .json file",
                )
            )
        files.extend(inside)
    return files, problems


def _complain(file: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        where = f"{file}: {problem.place}" if problem.place and problem.place != file else file
        print(f"{where}: {problem.zh} · {problem.en}", file=sys.stderr)


def _plans(files: Sequence[Path], failed: list[str]) -> Iterator[tuple[str, Plan]]:
    for file in files:
        try:
            yield str(file), read_plan(file)
        except PlanError as error:
            failed.append(str(file))
            _complain(str(file), error.problems)


def _chunks(plans: Iterator[tuple[str, Plan]]) -> Iterator[list[tuple[str, Plan]]]:
    chunk: list[tuple[str, Plan]] = []
    for item in plans:
        chunk.append(item)
        if len(chunk) == CHUNK_PLANS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Progress:
    """A bar on standard error, on a terminal only."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = total > CHUNK_PLANS and sys.stderr.isatty()

    def show(self, done: int) -> None:
        if self._shown:
            width = 30
            full = width * done // self._total
            print(f"\r[{'#' * full}{'.' * (width - full)}] {done}/{self._total}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)


def _evaluate(paths: Sequence[str], strategies: Sequence[str], form: str) -> int:
    files, problems = _files(paths)
    for problem in problems:
        _complain(problem.place, [problem])
    failed: list[str] = [problem.place for problem in problems]
    progress = _Progress(len(files))
    done = 0
    written = 0
    if form == "json":
        print("[", end="")
    for chunk in _chunks(_plans(files, failed)):
        scenarios = [Scenario(plan, strategy) for _, plan in chunk for strategy in strategies]
        outcomes = simulate(scenarios, output="summary" if form == "table" else "full")
        for k, (file, plan) in enumerate(chunk):
            mine = outcomes[k * len(strategies) : (k + 1) * len(strategies)]
            if mine[0].refused is not None:
                failed.append(file)
                _complain(file, [payment_problem(plan, mine[0].refused)])
                continue
            if any(outcome.error is not None for outcome in mine):
                failed.append(file)
                _complain(file, [_bound_problem(outcome) for outcome in mine if outcome.error is not None])
            if form == "table":
                _print_table(file, mine)
            else:
                line = json.dumps(_answer(file, mine), ensure_ascii=False, allow_nan=False)
                print(
                    (",\n" if written else "\n") + line if form == "json" else line, end="" if form == "json" else "\n"
                )
            written += 1
        done += len(chunk)
        progress.show(done)
    progress.end()
    if form == "json":
        print("\n]")
    return INPUT_ERROR if failed else 0


def _answer(file: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {"file": file, "results": {outcome.strategy: outcome.as_json() for outcome in outcomes}}


def payment_problem(plan: Plan, index: int) -> Problem:
    """The message for a recorded payment that its debt cannot take (CALCULATION.md §8)."""
    payment = plan.paid[index]
    return Problem(
        place=f"paid[{index}]",
        code="paid.not_taken",
        zh=f"{payment.date} 记录的 {format_fen(payment.amount)} 元超过这笔债务当天能收的数额，请核对日期和金额",
        en=f"the debt cannot take the {format_fen(payment.amount)} recorded for {payment.date}; "
        "check the date and the amount",
    )


def _bound_problem(outcome: Outcome) -> Problem:
    return Problem(
        place=outcome.strategy,
        code="run.outgrew",
        zh=f"债务“{outcome.error}”增长到超过 1 亿元，计算停止",
        en=f"debt '{outcome.error}' grew above 100,000,000 yuan; the run was ended",
    )


def _print_table(file: str, outcomes: Sequence[Outcome]) -> None:
    """Plain text in Latin headings: columns of Chinese do not line up in every terminal."""
    print(file)
    print(f"  {'strategy':<10}{'debt free':>12}{'paid':>16}{'owed':>16}{'cost':>14}{'days late':>11}{'shortfall':>14}")
    for outcome in outcomes:
        if outcome.error is not None:
            print(f"  {outcome.strategy:<10}  error: {outcome.error}")
            continue
        free = outcome.debt_free_on
        print(
            f"  {outcome.strategy:<10}{'-' if free is None else free.isoformat():>12}"
            f"{format_fen(outcome.total_paid):>16}{format_fen(outcome.closing_payoff):>16}{format_fen(outcome.total_cost):>14}"
            f"{outcome.worst_days_past_due:>11}{format_fen(outcome.worst_shortfall):>14}"
        )


if __name__ == "__main__":
    sys.exit(main())
