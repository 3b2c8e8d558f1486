"""Writes a GPT-2-small-shaped model with random weights, and rows of random tokens, for the step benchmark."""
import json
import pathlib
import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(0)
if not (folder / "model" / "model.safetensors").exists():
    GPT2LMHeadModel(GPT2Config()).save_pretrained(folder / "model", safe_serialization=True)
generator = torch.Generator().manual_seed(0)
with open(folder / "rows.jsonl", "w") as out:
    for _ in range(64):
        ids = torch.randint(0, 50257, (128,), generator=generator).tolist()
        out.write(json.dumps({"input_ids": ids, "labels": ids}) + "\n")
