"""What transformers and peft compute with a tiny random model, in float64, so that a difference is the engine's own
rounding.

transformers takes root mean squares and the angles of rotary positions in float32 whatever the model's type; here they
are in float64 too.
"""

import json
import types

import torch
from safetensors.torch import save_file
from transformers import (
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

IGNORED = -100
STEPS = 10

# Steps of warm-up and of the whole run.
SCHEDULES = {
    "cosine": (3, 12, lambda optimizer: get_cosine_schedule_with_warmup(optimizer, 3, 12)),
    "linear": (2, 15, lambda optimizer: get_linear_schedule_with_warmup(optimizer, 2, 15)),
    "constant": (2, 15, lambda optimizer: get_constant_schedule_with_warmup(optimizer, 2)),
}


def is_scale(name):
    return name.endswith("weight") and (".ln_" in name or "norm" in name.lower())


def random_model(seed, model_class, config, deviation=0.25):
    torch.manual_seed(seed)
    model = model_class(config)
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.normal_(1.0 if is_scale(name) else 0.0, deviation)
    return model.eval()


def root_mean_square(self, hidden):
    variance = hidden.pow(2).mean(-1, keepdim=True)
    return self.weight * hidden * torch.rsqrt(variance + self.variance_epsilon)


def rotary(self, x, position_ids):
    angles = position_ids[:, :, None].double() * self.inv_freq.double()[None, None, :]
    both = torch.cat((angles, angles), dim=-1)
    return both.cos(), both.sin()


def in_float64(model):
    """The same model; its frequencies stay as transformers rounded them."""
    frequencies = {
        name: buffer.clone() for name, buffer in model.named_buffers() if name.endswith("inv_freq")
    }
    model.double()
    for name, module in model.named_modules():
        if type(module).__name__.endswith("RMSNorm"):
            module.forward = types.MethodType(root_mean_square, module)
        if type(module).__name__.endswith("RotaryEmbedding"):
            module.inv_freq = frequencies[name + ".inv_freq"]
            module.forward = types.MethodType(rotary, module)
    return model


def sequence_losses(model, sequence):
    """Loss sum, number of supervised tokens or records, and logits of one sequence alone."""
    inputs = {"input_ids": torch.tensor([sequence["input_ids"]])}
    if "label" in sequence:
        inputs["token_type_ids"] = torch.tensor([sequence["token_type_ids"]])
        logits = model(**inputs).logits
        targets = torch.tensor([sequence["label"]])
        predictions = logits
    else:
        logits = model(**inputs).logits[0]
        targets = torch.tensor(sequence["labels"])[1:]
        predictions = logits[:-1]
    loss = torch.nn.functional.cross_entropy(
        predictions, targets, ignore_index=IGNORED, reduction="sum"
    )
    return loss, int((targets != IGNORED).sum()), logits


def losses(model, sequences):
    sums, counts, logits = zip(*(sequence_losses(model, s) for s in sequences))
    return list(sums), list(counts), torch.cat(logits)


def gradients(model, sequences):
    model.zero_grad()
    sums, counts, logits = losses(model, sequences)
    (sum(sums) / sum(counts)).backward()
    return {"loss_sums": [value.item() for value in sums], "supervised": counts}, logits


def train(model, sequences, schedule, learning_rate, weight_decay, max_norm):
    parameters = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=weight_decay)
    warmup, total, scheduled = SCHEDULES[schedule]
    scheduler = scheduled(optimizer)
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        sums, counts, _ = losses(model, sequences)
        (sum(sums) / sum(counts)).backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        rate = scheduler.get_last_lr()[0]
        optimizer.step()
        scheduler.step()
        steps.append(
            {"loss_sum": sum(sums).item(), "grad_norm": norm.item(), "learning_rate": rate}
        )
    return {
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "max_grad_norm": max_norm,
        "schedule": schedule,
        "warmup_steps": warmup,
        "max_steps": total,
        "steps": steps,
    }


def greedy(model, prompts, count):
    """Continuations, and by how much each token of them wins: less precise arithmetic may choose another in a near tie."""
    tokens, margins = [], []
    for prompt in prompts:
        out = model.generate(
            input_ids=torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=count,
            do_sample=False,
            pad_token_id=0,
            output_logits=True,
            return_dict_in_generate=True,
        )
        best = torch.stack([step[0].topk(2).values for step in out.logits])
        assert (best[:, 0] - best[:, 1]).min() > 1e-3, "a near tie proves nothing: use another seed"
        tokens.append(out.sequences[0, len(prompt):].tolist())
        margins.append([round(margin, 4) for margin in (best[:, 0] - best[:, 1]).tolist()])
    return {"greedy": tokens, "margins": margins}


def named_gradients(model):
    return {
        "gradient." + plain(name): torch.zeros_like(value) if value.grad is None else value.grad
        for name, value in model.named_parameters()
        if value.requires_grad
    }


def trained(model):
    return {
        "trained." + plain(name): value
        for name, value in model.named_parameters()
        if value.requires_grad
    }


def plain(name):
    """As PEFT saves it."""
    return name.replace(".modules_to_save.default", "").replace(".default", "")


def saved_model(model, directory, dtype=torch.float32, **how):
    """The model as transformers reads it back, in float64."""
    model.to(dtype).save_pretrained(directory, **how)
    (directory / "generation_config.json").unlink(missing_ok=True)
    return in_float64(type(model).from_pretrained(directory, dtype=torch.float32).eval())


def save_adapter(model, directory):
    model.save_pretrained(directory)
    (directory / "README.md").unlink(missing_ok=True)


def save_expected(directory, facts, tensors):
    save_file(
        {name: value.detach().to(torch.float32).contiguous() for name, value in tensors.items()},
        directory / "expected.safetensors",
    )
    (directory / "expected.json").write_text(json.dumps(facts, sort_keys=True) + "\n")
