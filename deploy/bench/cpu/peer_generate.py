"""PyTorch's side of generation: transformers' greedy generate with its cache; and how fast weights can be read at all."""
import argparse
import time

import torch
import transformers

from serve import records, serve

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--batch", type=int, default=1)
parser.add_argument("--new-tokens", type=int, default=64)
parser.add_argument("--seconds", type=float, default=0, help="a round generates again until so much time is over")
parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
arguments = parser.parse_args()

model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=getattr(torch, arguments.dtype))
model.eval()
prompts = torch.tensor([record["input_ids"] for record in records(arguments.data)[: arguments.batch]])


def measure(least=0):
    tokens, began = 0, time.perf_counter()
    while True:
        made = generate()[:, prompts.shape[1] :]
        tokens += made.numel()
        passed = time.perf_counter() - began
        if passed >= least:
            break
    told = {"seconds": passed, "tokens": tokens, "ids": made.tolist()}
    return told | {"read_gigabytes_per_second": reading()}


def generate():
    with torch.inference_mode():
        return model.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            max_new_tokens=arguments.new_tokens,
            min_new_tokens=arguments.new_tokens,
            do_sample=False,
            use_cache=True,
            pad_token_id=0,
        )


def reading(least=0.3):
    """Of adding up all weights, which fit into no cache; two in bfloat16 are taken for one number in float32."""
    weights = [weight.detach().flatten().view(torch.float32) for weight in model.parameters()]
    size, times, began = sum(weight.nbytes for weight in weights), 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < least:
        for weight in weights:
            weight.sum()
        times += 1
    return size * times / passed / 1e9


measure()
serve({"torch": torch.__version__, "transformers": transformers.__version__}, lambda: measure(arguments.seconds))
