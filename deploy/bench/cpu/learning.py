"""Whether bfloat16 costs learning: the same 300 steps on real text in this machine's best arithmetic and in float32."""
import inputs
from worker import Failed, Worker

STEPS = 300
TOKENS = 512
WINDOW = 25
TOLERANCE = 0.01
GPT2_TARGETS = "c_attn,c_proj"


def tasks(files, demo):
    """Name of each task, with its arguments."""
    full = ["--model", files.model("gpt2-mini"), "--data", files.banking_text(), "--learning-rate", 1e-3]
    lora = ["--model", demo, "--data", files.banking_for_demo(), "--learning-rate", 1e-3]
    return {
        "every weight of a small GPT-2, from random ones": full,
        "LoRA on the demo's base model": lora + ["--target-modules", GPT2_TARGETS],
    }


def compare(tributary, files, demo, steps):
    """The loss curves of both arithmetics, and how far the smoothed ones lie apart."""
    return {name: _compare(tributary, arguments, steps) for name, arguments in tasks(files, demo).items()}


def _compare(tributary, arguments, steps):
    curves = {}
    records = round(steps * TOKENS / inputs.shape(arguments[3])["tokens_per_record"])
    for name, precision in {"ours": [], "ours float32": ["--precision", "float32"]}.items():
        command = [tributary, "bench-step", *arguments, "--tokens-per-step", TOKENS, "--records-per-round", records]
        worker = Worker(name, command + precision)
        try:
            losses = worker.round()["losses"]
        finally:
            worker.close()
        if len(losses) < steps:
            raise Failed(f"{name}: only {len(losses)} of {steps} steps; give more records")
        curves[name] = {"kernels": worker.ready["description"], "losses": losses[:steps]}
    best, plain = (smooth(curve["losses"]) for curve in curves.values())
    apart = max(abs(a - b) / b for a, b in zip(best, plain))
    return {"steps": steps, "curves": curves, "largest_difference": apart, "reached": apart <= TOLERANCE}


def smooth(losses):
    """The mean of the last steps, at each step that has enough before it."""
    return [sum(losses[at - WINDOW : at]) / WINDOW for at in range(WINDOW, len(losses) + 1)]
