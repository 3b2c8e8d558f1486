"""PyTorch's side of the step benchmark: transformers + peft, eager, one process a measurement.

Prints one JSON object: the median seconds of a step, and the losses.
"""
import argparse
import json
import statistics
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2LMHeadModel

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--batch", type=int, default=4)
parser.add_argument("--steps", type=int, default=10)
parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
arguments = parser.parse_args()

torch.manual_seed(0)
torch.set_num_threads(2)
model = GPT2LMHeadModel.from_pretrained(arguments.model, attn_implementation="sdpa")
model = get_peft_model(
    model,
    LoraConfig(r=8, lora_alpha=32, lora_dropout=0.1, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True, task_type="CAUSAL_LM"),
)
model.train()
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
rows = [json.loads(line) for line in open(arguments.data)]
losses, seconds = [], []
for step in range(arguments.steps):
    began = time.perf_counter()
    batch = [rows[(step * arguments.batch + i) % len(rows)] for i in range(arguments.batch)]
    ids = torch.tensor([row["input_ids"] for row in batch])
    labels = torch.tensor([row["labels"] for row in batch])
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.dtype == "bfloat16"):
        loss = model(input_ids=ids, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
    seconds.append(time.perf_counter() - began)
print(
    json.dumps(
        {
            "median_step_seconds": statistics.median(seconds),
            "losses": losses,
            "torch": torch.__version__,
        }
    )
)
