"""The roof: what matrix products of the models' shapes reach here, ours and PyTorch's, in both arithmetics."""
import statistics

import machine
from worker import Worker

LAYERS = ["512x768x768", "512x768x3072", "512x3072x768", "512x896x4864", "2048x768x3072"]
HEADS = ["512x768x50257", "512x896x151936"]
SHAPES = LAYERS + HEADS


def measure(tributary, python, here, rounds):
    """GFLOP/s by shape and rival."""
    peer = [python, here / "peer_matmul.py", "--shapes", ",".join(SHAPES), "--dtype"]
    ours = [tributary, "bench-matmul", "--shapes", ",".join(SHAPES)]
    commands = {"ours": ours, "ours float32": [*ours, "--precision", "float32"], "PyTorch float32": [*peer, "float32"]}
    if machine.has_bf16():
        commands["PyTorch bfloat16"] = [*peer, "bfloat16"]
    workers = {}
    try:
        for name, command in commands.items():
            workers[name] = Worker(name, command)
        told = {name: [] for name in workers}
        for _ in range(rounds):
            for name, worker in workers.items():
                told[name].append(worker.round()["gflops"])
    finally:
        for worker in workers.values():
            worker.close()
    return {
        shape: {name: statistics.median(rates[at] for rates in all_rates) for name, all_rates in told.items()}
        for at, shape in enumerate(SHAPES)
    }


def ceiling(products, phase, arithmetic):
    """The best rate anybody reached in a phase's kind of product; arithmetic is float32 or bfloat16."""
    names = ["ours float32", "PyTorch float32"] if arithmetic == "float32" else ["ours", "PyTorch bfloat16"]
    shapes = HEADS if phase == "loss" else LAYERS
    return max(products[shape][name] for shape in shapes for name in names if name in products[shape])


def limit(products, facts):
    """
    Tokens/s if a session's matrix products ran at their ceilings, or its weights were read as fast as memory was in the
    same rounds, and everything else took no time; None if it is not known what the session needs.
    """
    if "bytes_per_token" in facts:
        return facts["read_gigabytes_per_second"] * 1e9 / facts["bytes_per_token"]
    if "gflops" not in facts:
        return None
    seconds = facts["phases"]["seconds_per_token"]
    return 1 / sum(
        rate * seconds[phase] / ceiling(products, phase, facts["arithmetic"]) for phase, rate in facts["gflops"].items()
    )
