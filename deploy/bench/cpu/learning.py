"""
Whether bfloat16 costs learning: the same 300 steps on real text in this machine's best arithmetic and in float32.

Training amplifies the last bit: a model that begins at random soon goes another way, no better and no worse. How far two
ways of computing in float32 part, oneDNN's and ND4J's, is measured beside it, and all is averaged over several orders
of the records.
"""
import inputs
from worker import Failed, Worker

STEPS = 300
ORDERS = 4
TOKENS = 512
WINDOW = 25
TOLERANCE = 0.01
GPT2_TARGETS = "c_attn,c_proj"

PLAIN = "ours float32"
CONTROL = "ND4J's float32"

# What computes, as arguments and as kernels; all are held against the plain one.
ARITHMETICS = {"ours": ([], None), PLAIN: (["--precision", "float32"], None), CONTROL: ([], "nd4j")}


def tasks(files, demo):
    """Name of each task, with its arguments but the records, and what makes those of an order."""
    full = ["--model", files.model("gpt2-mini"), "--learning-rate", 1e-3]
    lora = ["--model", demo, "--learning-rate", 1e-3, "--target-modules", GPT2_TARGETS]
    return {
        "every weight of a small GPT-2, from random ones": (full, files.banking_text),
        "LoRA on the demo's base model": (lora, files.banking_for_demo),
    }


def compare(tributary, files, demo, steps):
    """The loss curves of all arithmetics, and how far the smoothed ones lie from float32's."""
    return {name: _compare(tributary, *task, steps) for name, task in tasks(files, demo).items()}


def _compare(tributary, arguments, records_of, steps):
    curves = {}
    for name, (precision, kernels) in ARITHMETICS.items():
        command = [tributary, "bench-step", *arguments, *precision]
        runs = [_run(name, command, kernels, records_of(order), steps) for order in range(ORDERS)]
        losses = [sum(at_step) / ORDERS for at_step in zip(*(losses for losses, _ in runs))]
        curves[name] = {"kernels": runs[0][1], "losses": losses}
    plain = smooth(curves[PLAIN]["losses"])
    for curve in curves.values():
        curve["largest_difference"] = max(abs(a - b) / b for a, b in zip(smooth(curve["losses"]), plain))
    apart = curves["ours"]["largest_difference"]
    return {
        "steps": steps,
        "orders": ORDERS,
        "curves": curves,
        "largest_difference": apart,
        "reached": apart <= TOLERANCE,
    }


def _run(name, command, kernels, records, steps):
    """Losses, and what computed them."""
    count = round(steps * TOKENS / inputs.shape(records)["tokens_per_record"])
    command = [*command, "--data", records, "--tokens-per-step", TOKENS, "--records-per-round", count]
    worker = Worker(name, command, kernels=kernels)
    try:
        losses = worker.round()["losses"]
    finally:
        worker.close()
    if len(losses) < steps:
        raise Failed(f"{name}: only {len(losses)} of {steps} steps; give more records")
    return losses[:steps], worker.ready["description"]


def smooth(losses):
    """The mean of the last steps, at each step that has enough before it."""
    return [sum(losses[at - WINDOW : at]) / WINDOW for at in range(WINDOW, len(losses) + 1)]
