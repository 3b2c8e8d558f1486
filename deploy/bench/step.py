"""Times one LoRA step of a GPT-2-small shape: `tributary tune` and PyTorch in turn, A B A B, medians and spread.

Both train the same rows (batch 4 x 128 tokens, every token supervised, full logits) with LoRA r=8, alpha=32, dropout 0.1
on c_attn and c_proj, AdamW and clipping at 1.0. Each measurement is a process of its own; its rate is that of its median step.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
TOKENS_A_STEP = 4 * 128


def cpu():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    flags = next(line for line in info.splitlines() if line.startswith("flags")).split()
    name = next(line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name"))
    kinds = ["amx_bf16", "avx512_bf16", "avx512f", "avx2"]
    return name, [kind for kind in kinds if kind in flags], next(kind for kind in kinds if kind in flags)


def run(command):
    """The JSON a command prints, and its own peak resident memory."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        err.seek(0)
        if status != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{out.read()}\n{err.read()}")
        result = json.loads(out.read())
        result["peak_rss_mb"] = usage.ru_maxrss / 1024
        return result


parser = argparse.ArgumentParser()
parser.add_argument("--tributary", required=True)
parser.add_argument("--work", type=pathlib.Path, required=True)
parser.add_argument("--results", type=pathlib.Path, required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", type=int, default=10)
arguments = parser.parse_args()

work = arguments.work
work.mkdir(parents=True, exist_ok=True)
arguments.results.mkdir(parents=True, exist_ok=True)
subprocess.run([sys.executable, here / "make_gpt2_small.py", work], check=True)
model, rows = work / "model", work / "rows.jsonl"


def ours():
    return run(
        [arguments.tributary, "tune", "--model", model, "--data", rows, "--out", work / "adapter", "--r", "8", "--lora-alpha", "32"]
        + ["--lora-dropout", "0.1", "--target-modules", "c_attn,c_proj", "--learning-rate", "1e-4", "--lr-scheduler-type", "constant"]
        + ["--per-device-train-batch-size", "4", "--max-length", "128", "--max-steps", str(arguments.steps), "--seed", "0", "-o", "json"]
    )


def peer(dtype):
    command = [sys.executable, here / "peer_lora_step.py", "--model", model, "--data", rows, "--steps", str(arguments.steps)]
    return run(command + ["--dtype", dtype])


contestants = {
    "Tributary, float32 (ND4J)": ours,
    "PyTorch eager, float32": lambda: peer("float32"),
    "PyTorch eager, bf16 autocast": lambda: peer("bfloat16"),
}
measured = {name: [] for name in contestants}
for round_number in range(arguments.rounds):
    for name, contestant in contestants.items():
        result = contestant()
        measured[name].append(result)
        print(f"round {round_number + 1}: {name}: {TOKENS_A_STEP / result['median_step_seconds']:.1f} tokens/s", file=sys.stderr)

name, instruction_sets, kind = cpu()
report = {
    "benchmark": "step",
    "date": datetime.date.today().isoformat(),
    "cpu": name,
    "instruction_sets": instruction_sets,
    "cores": len(os.sched_getaffinity(0)),
    "python": platform.python_version(),
    "rounds": arguments.rounds,
    "results": {},
}
lines = [
    "# One LoRA step of a GPT-2-small shape, batch 4 x 128",
    "",
    f"{report['date']} · {name} ({', '.join(instruction_sets)}) · {report['cores']} cores · {arguments.rounds} rounds in turn",
    "",
    "| | tokens/s, median | lowest | highest | peak resident MB |",
    "|---|---|---|---|---|",
]
for contestant, results in measured.items():
    rates = [TOKENS_A_STEP / result["median_step_seconds"] for result in results]
    memory = [result["peak_rss_mb"] for result in results]
    report["results"][contestant] = {"tokens_per_second": rates, "median": statistics.median(rates), "peak_rss_mb": statistics.median(memory)}
    row = f"| {contestant} | {statistics.median(rates):.0f} | {min(rates):.0f} | {max(rates):.0f} | {statistics.median(memory):.0f} |"
    lines.append(row)
lines += ["", "Again: `deploy/bench/run step`", ""]
(arguments.results / f"step-{kind}.json").write_text(json.dumps(report, indent=2) + "\n")
(arguments.results / f"step-{kind}.md").write_text("\n".join(lines))
print("\n".join(lines))
