"""deploy/bench/run cpu: ours and PyTorch on this machine, in turns.

Results are merged into deploy/bench/results/cpu-<kind>.{json,md}, so that a run may be cut in pieces with --only.
"""
import argparse
import importlib.metadata
import itertools
import pathlib
import statistics
import subprocess
import sys
import traceback

import contest
import inputs
import learning
import machine
import roof
from operations import Operations
from report import Report
from sessions import Sessions
from worker import Failed

HERE = pathlib.Path(__file__).resolve().parent
FULL = {"rounds": 5, "least": 2.0, "warm_up": 40.0, "learning_steps": learning.STEPS}
QUICK = {"rounds": 2, "least": 0.5, "warm_up": 1.0, "learning_steps": 60}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tributary", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--banking", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, help=f"rounds in turns; default {FULL['rounds']}")
    parser.add_argument("--only", metavar="NAME,…", help="these sessions; 'list' names them")
    parser.add_argument("--avx2", action="store_true", help="keep both sides to AVX2, as on a processor that has no more")
    parser.add_argument("--quick", action="store_true", help="few, short rounds: whether it works, not how fast it is")
    return parser.parse_args()


def rows(session, result, kind):
    """The lines of the table a session's measurements make."""
    rates = {name: facts["tokens_per_second"]["median"] for name, facts in result["rivals"].items()}
    made = []
    for row in session.rows:
        running = [name for name in row.peers if name in rates and name not in result["left_out"]]
        peer = max(running, key=rates.get)
        ours = min(running, key=rates.get) if row.flat else row.ours
        line = {"id": row.id, "title": row.title, "ours": ours, "peer": peer, "flat": row.flat}
        line["ratio"] = rates[peer] / rates[ours] if row.flat else rates[ours] / rates[peer]
        line["targets"] = applicable(row.targets, kind)
        if row.memory:
            mine, theirs = (result["rivals"][name]["peak_resident_bytes"] for name in (ours, peer))
            line["memory_ratio"] = mine / theirs
        made.append(line)
    return made


def applicable(targets, kind):
    with_amx, with_avx2 = targets
    named = {"AMX": with_amx, "AVX2": with_avx2}
    if with_amx == with_avx2:
        return {"any": with_amx}
    wanted = {"amx_bf16": ["AMX"], "avx2": ["AVX2"], "avx512": ["AVX2"]}.get(kind, ["AMX", "AVX2"])
    return {name: named[name] for name in wanted if named[name] is not None}


def add_rates(session, result):
    """What ours needs and reaches, for the roofline: GFLOP/s by phase of a step, or bytes of weights read for a token."""
    if not session.work:
        return
    operations = Operations(session.work["model"])
    for name in ("ours", "ours float32"):
        facts = result["rivals"].get(name)
        if facts is None:
            continue
        facts["arithmetic"] = "bfloat16" if facts["about"]["kernels"].endswith("bf16") else "float32"
        if "batch" in session.work:
            elements = (operations.weights + operations.head) / session.work["batch"]
            facts["bytes_per_token"] = elements * (2 if facts["arithmetic"] == "bfloat16" else 4)
            readings = [rival.get("read_gigabytes_per_second", []) for rival in result["rivals"].values()]
            facts["read_gigabytes_per_second"] = statistics.median(itertools.chain.from_iterable(readings))
            continue
        shape = inputs.shape(session.work["data"])
        supervised = facts["phases"]["supervised_per_token"]
        needed = operations.phases(1, supervised, shape["mean_context"], session.work["full"])
        seconds = facts["phases"]["seconds_per_token"]
        facts["gflops"] = {phase: count / seconds[phase] / 1e9 for phase, count in needed.items() if count}


def versions(tributary):
    told = subprocess.run([tributary, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    commit = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True)
    peers = {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft")}
    return {"Tributary": f"{told.removeprefix('tributary ')} {commit.stdout.strip()}".strip()} | peers


def main():
    asked = arguments()
    if asked.avx2:
        machine.only_avx2()
    setting = QUICK if asked.quick else FULL
    rounds = asked.rounds or setting["rounds"]
    demo = HERE.parent.parent / "demo"
    files = inputs.Inputs(asked.work, asked.banking, demo)
    sessions = Sessions(asked.tributary, sys.executable, HERE, files, setting["least"], setting["warm_up"])
    report = Report(asked.results, machine.describe())
    known = versions(asked.tributary)

    def contested(make):
        session = make()
        result = contest.hold(session, rounds)
        add_rates(session, result)
        return {"rounds": rounds, "versions": known, "rows": rows(session, result, report.host["kind"])} | result

    def products():
        return {"gflops": roof.measure(asked.tributary, sys.executable, HERE, rounds)}

    def learnt():
        return {"tasks": learning.compare(asked.tributary, files, demo, setting["learning_steps"])}

    todo = {"matmul": products} | {name: lambda make=make: contested(make) for name, make in sessions.all().items()}
    todo["learning"] = learnt
    failed = run(chosen(todo, asked.only), report)
    print(report.stem.with_suffix(".md").read_text())
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def chosen(todo, only):
    if only is None:
        return todo
    names = only.split(",")
    unknown = [name for name in names if name not in todo]
    if unknown:
        sys.exit(f"--only {','.join(unknown)}: there is no such session; there are {', '.join(todo)}")
    return {name: todo[name] for name in names}


def run(todo, report):
    """Goes on after a failure, so that one broken row does not cost the others, but never hides it."""
    failed = []
    for name, work in todo.items():
        contest.note(f"== {name}")
        try:
            report.put(name, work())
        except Exception as error:  # whatever broke, the row says so
            if not isinstance(error, Failed):
                traceback.print_exc()
            contest.note(f"{name} FAILED: {error}")
            report.put(name, {"failed": str(error) or type(error).__name__})
            failed.append(name)
    return failed


if __name__ == "__main__":
    main()
