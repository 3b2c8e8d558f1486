"""Scores records with transformers and PEFT, to be compared with `tributary score` on the same files.

    python score_with_peft.py BASE_DIR ADAPTER_DIR_OR_- RECORDS.jsonl

A record is {"input_ids": [...], "labels": [...]}; printed are its supervised tokens and its summed loss.
"""

import json
import sys

import peft
import torch
import transformers

base, adapter, records = sys.argv[1:]
model = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
if adapter != "-":
    model = peft.PeftModel.from_pretrained(model, adapter)
model.eval()
with torch.no_grad():
    for line in open(records):
        record = json.loads(line)
        ids = torch.tensor([record["input_ids"]])
        labels = torch.tensor(record["labels"])[1:]
        logits = model(input_ids=ids).logits[0, :-1]
        loss = torch.nn.functional.cross_entropy(logits, labels, ignore_index=-100, reduction="sum")
        print(f"{int((labels != -100).sum())}\t{float(loss):.6f}")
