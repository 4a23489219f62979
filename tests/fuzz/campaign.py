"""Run commands on damaged input, each in a process of its own, and hold them to the rule.

The rule: finished, or one line (of corrections and rosters: one an entry) and exit code 2; in time and
memory; nothing changed but what was asked for, and no part left.
``python tests/fuzz/campaign.py N [SEED [KINDS]]`` runs N
cases of each kind (``texts``, ``films``, or names of kinds) and prints those that break it. Each result is a
line of ``build/fuzz/results.jsonl``; a case that is there is not run again, so a campaign that was stopped
goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import film_kinds
import forked
import kinds

FOUND = 1
"""`data check` exits with this when something must be mended."""
_HERE = Path(os.environ.get("TEAMSHAPE_FUZZ", Path(__file__).parents[2] / "build" / "fuzz"))


@dataclass(frozen=True)
class Outcome:
    """How one case ended. ``broken`` says which part of the rule, empty if none."""

    kind: str
    seed: int
    code: int
    seconds: float
    peak_kb: int
    broken: str
    said: str


def run_case(kind: str, seed: int, work: Path) -> Outcome:
    """Make the case in a new folder below ``work``, run and judge it; a folder that broke the rule stays."""
    folder = work / f"{kind}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    (folder / "victim.txt").write_text("precious")
    commands = kinds.ALL[kind](folder, random.Random(f"{kind}{seed}"))
    before = _digests(folder)
    code, seconds, peak, said = 0, 0.0, 0, ""
    for command in commands:
        ended = forked.call(command, folder)
        code, seconds = ended.code, seconds + ended.cpu_s
        peak, said = max(peak, ended.peak_kb), said + ended.said
        if code:
            break
    broken = _judge(folder, before, code, seconds, peak, said)
    if broken:
        (folder / "commands.json").write_text(json.dumps(commands))
    else:
        shutil.rmtree(folder)
    return Outcome(kind, seed, code, round(seconds, 2), peak, broken, said[-2000:])


def _judge(folder: Path, before: dict[str, str], code: int, seconds: float, peak: int, said: str) -> str:
    after = _digests(folder)
    lines = [x for x in said.splitlines() if x.startswith("teamshape:")]
    left = [p for p in after if ".part" in p]
    changed = [p for p, digest in before.items() if after.get(p) != digest and not p.startswith("out")]
    outside = [p for p in after if p not in before and not p.startswith("out")]
    if seconds > forked.CPU_S:
        return f"took {seconds:.0f} s"
    if "Traceback" in said or code not in (0, 2, FOUND):
        return f"ended with {code}"
    if code == FOUND and "page:" not in said:
        return "ended with 1"
    if code == 2 and not _one_each(lines):
        return f"{len(lines)} lines"
    if peak > forked.MEMORY_KB:
        return f"took {peak / 1e6:.1f} GB"
    if changed or outside:
        return f"changed {changed}, wrote {outside}"
    return f"left {left}" if left else ""


def _one_each(lines: list[str]) -> bool:
    """One line; of corrections and rosters one for each entry or player that cannot be."""
    named = re.compile(r"teamshape: (corrections, entry \d+|\S+roster\.yaml: player \d+)\b")
    entries = [x.group(1) for x in map(named.match, lines) if x]
    return len(lines) == 1 or 0 < len(lines) == len(entries) == len(set(entries))


def _digests(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _chosen(words: Iterable[str]) -> list[str]:
    groups = {"texts": kinds.TEXT_KINDS, "films": film_kinds.FILM_KINDS, "all": kinds.ALL}
    return [kind for word in words for kind in groups.get(word, [word])]


def _known(results: Path) -> dict[tuple[str, int], Outcome]:
    lines = results.read_text().splitlines() if results.exists() else []
    return {(o.kind, o.seed): o for o in (Outcome(**json.loads(x)) for x in lines)}


def main() -> int:
    """Run N cases of each kind; exit code 1 if one breaks the rule."""
    n, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    chosen = _chosen(sys.argv[3].split(",") if len(sys.argv) > 3 else ["all"])
    _HERE.mkdir(parents=True, exist_ok=True)
    results = _HERE / "results.jsonl"
    known = _known(results)
    wanted = [(kind, seed) for seed in range(first, first + n) for kind in chosen]
    kinds.warm_up()
    with results.open("a") as out:
        for kind, seed in wanted:
            if (kind, seed) not in known:
                known[kind, seed] = one = run_case(kind, seed, _HERE)
                print(json.dumps(asdict(one)), file=out, flush=True)
                if one.broken:
                    print(_told(one), flush=True)
    return _summed([known[x] for x in wanted])


def _told(one: Outcome) -> str:
    last = (one.said.strip().splitlines() or [""])[-1]
    return f"{one.kind} {one.seed}: {one.broken}; {last[:200]}"


def _summed(all_: list[Outcome]) -> int:
    bad = [o for o in all_ if o.broken]
    slowest, largest = max(o.seconds for o in all_), max(o.peak_kb for o in all_)
    print(f"{len(all_)} cases, {len(bad)} broke the rule; at most {slowest:.0f} s and {largest / 1e6:.1f} GB")
    for (kind, code), count in sorted(Counter((o.kind, o.code) for o in all_).items()):
        print(f"  {kind:<12} exit {code}: {count}")
    print(*map(_told, bad), sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
