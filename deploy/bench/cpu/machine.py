"""What the bench ran on."""
import os
import pathlib
import platform

KINDS = {"amx_bf16": "amx_bf16", "avx512_bf16": "avx512_bf16", "avx512f": "avx512", "avx2": "avx2"}


def describe():
    """Processor, the instruction sets that matter, its kind (the best of them) and the cores in use."""
    info = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    flags = next(line for line in info if line.startswith("flags")).split()
    sets = [flag for flag in KINDS if flag in flags]
    if not sets:
        raise SystemExit("this processor has no AVX2; the bench knows no peer for it")
    return {
        "processor": next(line.split(":")[1].strip() for line in info if line.startswith("model name")),
        "instruction_sets": sets,
        "kind": KINDS[sets[0]],
        "cores": len(cores()),
        "system": platform.platform(terse=True),
    }


def has_bf16():
    return describe()["kind"] in ("amx_bf16", "avx512_bf16")


def cores(most=2):
    """The processors measured processes may use: the first two of those given to us."""
    return sorted(os.sched_getaffinity(0))[:most]
