"""What the bench ran on."""
import os
import pathlib
import platform

KINDS = {"amx_bf16": "amx_bf16", "avx512_bf16": "avx512_bf16", "avx512f": "avx512", "avx2": "avx2"}

# What keeps both sides to AVX2: oneDNN (of either), ATen, MKL; Java has an option for it, beside those it was given.
ONLY_AVX2 = {
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
JAVA_OPTIONS = "TRIBUTARY_JAVA_OPTIONS"


def only_avx2():
    """From now on this process and those it starts know no more than AVX2."""
    os.environ |= ONLY_AVX2
    os.environ[JAVA_OPTIONS] = f"{os.environ.get(JAVA_OPTIONS, '')} -XX:UseAVX=2".strip()


def is_limited():
    return os.environ | ONLY_AVX2 == os.environ


def describe():
    """Processor, the instruction sets that matter, its kind (the best of them) and the cores in use."""
    info = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    flags = next(line for line in info if line.startswith("flags")).split()
    sets = [flag for flag in KINDS if flag in flags and (flag == "avx2" or not is_limited())]
    if not sets:
        raise SystemExit("this processor has no AVX2; the bench knows no peer for it")
    return {
        "processor": processor(info),
        "instruction_sets": sets,
        "kind": KINDS[sets[0]],
        "limited": is_limited() and "avx512f" in flags,
        "cores": len(cores()),
        "system": platform.platform(terse=True),
    }


def processor(info):
    """Its name with family and model, which tell generations apart that go by one name on rented machines."""

    def told(field):
        return next((line.split(":")[1].strip() for line in info if line.split(":")[0].strip() == field), "?")

    return f"{told('model name')} (family {told('cpu family')}, model {told('model')})"


def has_bf16():
    return describe()["kind"] in ("amx_bf16", "avx512_bf16")


def cores(most=2):
    """The processors measured processes may use: the first two of those given to us."""
    return sorted(os.sched_getaffinity(0))[:most]
