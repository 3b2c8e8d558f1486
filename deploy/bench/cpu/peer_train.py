"""PyTorch's side of training: transformers + peft, eager, SDPA.

--layout says what becomes of the records of a step:
  rows    all have one length: stacked
  padded  the tutorials' recipe: padded to --length, the loss on everything (labels = input_ids)
  packed  several to a row of --length with a block mask, positions from 0, the loss on completions only
  labels  sequence classification of rows of one length
"""
import argparse
import time

import peft
import torch
import transformers

from serve import records, serve

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--layout", choices=["rows", "padded", "packed", "labels"], required=True)
parser.add_argument("--batch", type=int, required=True, help="rows of a step")
parser.add_argument("--length", type=int, help="tokens of a row, where layout is padded or packed")
parser.add_argument("--records-per-round", type=int, required=True)
parser.add_argument("--seconds", type=float, default=0, help="a round repeats its records until so much time is over")
parser.add_argument("--dtype", choices=["float32", "autocast", "bfloat16"], default="float32")
parser.add_argument("--target-modules", help="LoRA on these; without it, every weight is trained")
parser.add_argument("--learning-rate", type=float, default=1e-4)
arguments = parser.parse_args()

torch.manual_seed(0)
kind = transformers.AutoModelForSequenceClassification if arguments.layout == "labels" else transformers.AutoModelForCausalLM
dtype = torch.bfloat16 if arguments.dtype == "bfloat16" else torch.float32
model = kind.from_pretrained(arguments.model, dtype=dtype, attn_implementation="sdpa")
vocabulary = model.config.vocab_size
if arguments.target_modules:
    lora = peft.LoraConfig(
        r=8,
        lora_alpha=32,
        lora_dropout=0.1,
        target_modules=arguments.target_modules.split(","),
        fan_in_fan_out=model.config.model_type == "gpt2",
        task_type="CAUSAL_LM",
    )
    model = peft.get_peft_model(model, lora)
model.train()
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=arguments.learning_rate, weight_decay=0.0, fused=True)


def stacked(group):
    ids = torch.tensor([record["input_ids"] for record in group])
    if arguments.layout == "labels":
        return {"input_ids": ids, "labels": torch.tensor([record["label"] for record in group])}
    return {"input_ids": ids, "labels": torch.tensor([record["labels"] for record in group])}


def padded(group):
    filler = vocabulary - 1
    ids = torch.full((len(group), arguments.length), filler)
    mask = torch.zeros_like(ids)
    for row, record in enumerate(group):
        length = len(record["input_ids"])
        ids[row, :length] = torch.tensor(record["input_ids"])
        mask[row, :length] = 1
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.clone()}


def packed(rows):
    """Rows of several records each, no record seeing another."""
    shape = (len(rows), arguments.length)
    ids, labels = torch.zeros(shape, dtype=torch.long), torch.full(shape, -100)
    positions = torch.zeros(shape, dtype=torch.long)
    owner = torch.full(shape, -1)
    for row, group in enumerate(rows):
        at = 0
        for number, record in enumerate(group):
            end = at + len(record["input_ids"])
            ids[row, at:end] = torch.tensor(record["input_ids"])
            labels[row, at:end] = torch.tensor(record["labels"])
            labels[row, at] = -100
            positions[row, at:end] = torch.arange(end - at)
            owner[row, at:end] = number
            at = end
    causal = torch.ones(arguments.length, arguments.length, dtype=torch.bool).tril()
    mask = (owner[:, :, None] == owner[:, None, :]) & causal
    return {"input_ids": ids, "position_ids": positions, "attention_mask": mask[:, None], "labels": labels}


def best_fit(group):
    """Best-fit decreasing, as TRL packs."""
    rows = []
    for record in sorted(group, key=lambda record: -len(record["input_ids"])):
        size = len(record["input_ids"])
        fitting = [row for row in rows if row[0] + size <= arguments.length]
        if fitting:
            row = max(fitting, key=lambda row: row[0])
        else:
            row = [0, []]
            rows.append(row)
        row[0] += size
        row[1].append(record)
    return [row[1] for row in rows]


def steps(group):
    """The batches one round's records make."""
    if arguments.layout == "packed":
        rows = best_fit(group)
        return [packed(rows[at : at + arguments.batch]) for at in range(0, len(rows), arguments.batch)]
    make = padded if arguments.layout == "padded" else stacked
    return [make(group[at : at + arguments.batch]) for at in range(0, len(group), arguments.batch)]


def step(batch):
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.dtype == "autocast"):
        loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def measure_round(group):
    batches = steps(group)
    useful = sum(len(record["input_ids"]) for record in group)
    tokens, losses, began = 0, [], time.perf_counter()
    while True:
        losses += [step(batch) for batch in batches]
        tokens += useful
        seconds = time.perf_counter() - began
        if seconds >= arguments.seconds:
            return {"seconds": seconds, "tokens": tokens, "steps": len(losses), "losses": losses}


data = records(arguments.data)
size = arguments.records_per_round
groups = [data[at : at + size] for at in range(0, len(data) - size + 1, size)]
number = -1


def measure():
    global number
    number += 1
    return measure_round(groups[number % len(groups)])


first = steps(groups[0])
first_loss = step(first[0])
step(first[-1])
serve(
    {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "trained_parameters": sum(parameter.numel() for parameter in trained),
        "first_loss": first_loss,
    },
    measure,
)
