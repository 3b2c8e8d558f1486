"""Writes the golden files the engine's tests compare with, using transformers and peft.

Everything is computed in float64, so that a difference is the engine's own rounding.
"""

import json
import pathlib
import sys

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

IGNORED = -100
STEPS = 10


def random_model(seed, **config):
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(
        GPT2Config(
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            resid_pdrop=0.0,
            bos_token_id=None,
            eos_token_id=None,
            **config,
        )
    )
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.normal_(1.0 if ".ln_" in name and "weight" in name else 0.0, 0.25)
    return model.eval()


def random_sequences(seed, vocabulary, lengths):
    generator = torch.Generator().manual_seed(seed)
    sequences = []
    for index, length in enumerate(lengths):
        ids = torch.randint(0, vocabulary, (length,), generator=generator).tolist()
        # The first sequence is supervised throughout, the others from a place of their own on.
        start = 0 if index == 0 else length // (index + 1)
        labels = [IGNORED if i < start else token for i, token in enumerate(ids)]
        sequences.append({"input_ids": ids, "labels": labels})
    return sequences


def loss_sums(model, sequences):
    """Each sequence alone: summed loss and number of supervised tokens."""
    sums, counts, logits = [], [], []
    for sequence in sequences:
        out = model(input_ids=torch.tensor([sequence["input_ids"]])).logits[0]
        labels = torch.tensor(sequence["labels"])[1:]
        logits.append(out)
        sums.append(
            torch.nn.functional.cross_entropy(
                out[:-1], labels, ignore_index=IGNORED, reduction="sum"
            )
        )
        counts.append(int((labels != IGNORED).sum()))
    return sums, counts, torch.cat(logits)


def gradients(model, sequences):
    model.zero_grad()
    sums, counts, logits = loss_sums(model, sequences)
    (sum(sums) / sum(counts)).backward()
    return {
        "loss_sums": [value.item() for value in sums],
        "supervised": counts,
    }, logits


def train(model, sequences, schedule, learning_rate, weight_decay, max_norm):
    parameters = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=weight_decay)
    scheduler = schedule(optimizer)
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        sums, counts, _ = loss_sums(model, sequences)
        (sum(sums) / sum(counts)).backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        rate = scheduler.get_last_lr()[0]
        optimizer.step()
        scheduler.step()
        steps.append(
            {"loss_sum": sum(sums).item(), "grad_norm": norm.item(), "learning_rate": rate}
        )
    return steps


def greedy(model, prompts, count):
    return [
        model.generate(
            input_ids=torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=count,
            do_sample=False,
            pad_token_id=0,
        )[0, len(prompt):].tolist()
        for prompt in prompts
    ]


def to_float32(tensors):
    return {name: value.detach().to(torch.float32).contiguous() for name, value in tensors.items()}


def save_model(model, directory):
    model.save_pretrained(directory)
    (directory / "generation_config.json").unlink(missing_ok=True)


def lora_case(root):
    directory = root / "gpt2-lora"
    model = random_model(
        1, vocab_size=97, n_positions=33, n_embd=20, n_layer=3, n_head=4, n_inner=50
    )
    save_model(model, directory / "model")
    sequences = random_sequences(2, 97, [33, 1, 7, 12])
    prompts = [[5, 9, 31], [96], list(range(20))]
    facts = {"sequences": sequences, "prompts": prompts}
    model = model.double()
    facts["base"] = {"greedy": greedy(model, prompts, 12)}
    base_sums, _, base_logits = loss_sums(model, sequences)
    facts["base"]["loss_sums"] = [value.item() for value in base_sums]
    adapted = get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM",
            r=3,
            lora_alpha=7,
            lora_dropout=0.0,
            target_modules=["c_attn", "c_proj", "c_fc"],
            fan_in_fan_out=True,
        ),
    )
    torch.manual_seed(3)
    with torch.no_grad():
        for name, value in adapted.named_parameters():
            if "lora_B" in name:
                value.copy_((torch.randn_like(value) * 0.1).float().double())
            elif "lora_A" in name:
                value.copy_(value.float().double())
    adapted.float().save_pretrained(directory / "adapter")
    (directory / "adapter" / "README.md").unlink(missing_ok=True)
    adapted.double().eval()
    facts["greedy"] = greedy(adapted, prompts, 12)
    measured, logits = gradients(adapted, sequences)
    facts.update(measured)
    tensors = {"base.logits": base_logits, "logits": logits}
    for name, value in adapted.named_parameters():
        if value.requires_grad:
            tensors["gradient." + name.replace(".default", "")] = value.grad
    facts["training"] = {
        "learning_rate": 0.02,
        "weight_decay": 0.01,
        "max_grad_norm": 0.5,
        "schedule": "cosine",
        "warmup_steps": 3,
        "max_steps": 12,
        "steps": train(
            adapted,
            sequences,
            lambda optimizer: get_cosine_schedule_with_warmup(optimizer, 3, 12),
            0.02,
            0.01,
            0.5,
        ),
    }
    for name, value in adapted.named_parameters():
        if value.requires_grad:
            tensors["trained." + name.replace(".default", "")] = value
    save_file(to_float32(tensors), directory / "expected.safetensors")
    write_json(directory / "expected.json", facts)


def full_case(root, name, schedule_name, schedule, **config):
    directory = root / name
    model = random_model(4, **config)
    save_model(model, directory / "model")
    vocabulary, context = config["vocab_size"], config["n_positions"]
    sequences = random_sequences(5, vocabulary, [context, 1, 2, 9])
    facts = {"sequences": sequences}
    model = model.double()
    measured, logits = gradients(model, sequences)
    facts.update(measured)
    tensors = {"logits": logits}
    for parameter, value in model.named_parameters():
        tensors["gradient." + parameter] = value.grad
    facts["training"] = {
        "learning_rate": 0.01,
        "weight_decay": 0.1,
        "max_grad_norm": 1.0,
        "schedule": schedule_name,
        "warmup_steps": 2,
        "max_steps": 15,
        "steps": train(model, sequences, schedule, 0.01, 0.1, 1.0),
    }
    save_file(to_float32(tensors), directory / "expected.safetensors")
    write_json(directory / "expected.json", facts)


def write_json(path, facts):
    path.write_text(json.dumps(facts, sort_keys=True) + "\n")


def main():
    root = pathlib.Path(sys.argv[1])
    lora_case(root)
    full_case(
        root,
        "gpt2-full",
        "linear",
        lambda optimizer: get_linear_schedule_with_warmup(optimizer, 2, 15),
        vocab_size=61,
        n_positions=19,
        n_embd=12,
        n_layer=2,
        n_head=3,
    )
    full_case(
        root,
        "gpt2-untied",
        "constant",
        lambda optimizer: get_constant_schedule_with_warmup(optimizer, 2),
        vocab_size=31,
        n_positions=17,
        n_embd=10,
        n_layer=2,
        n_head=1,
        n_inner=23,
        tie_word_embeddings=False,
    )


if __name__ == "__main__":
    main()
