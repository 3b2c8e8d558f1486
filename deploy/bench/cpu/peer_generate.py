"""PyTorch's side of generation: transformers' greedy generate with its cache."""
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
parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
arguments = parser.parse_args()

model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=getattr(torch, arguments.dtype))
model.eval()
prompts = torch.tensor([record["input_ids"] for record in records(arguments.data)[: arguments.batch]])


def measure():
    began = time.perf_counter()
    with torch.inference_mode():
        made = model.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            max_new_tokens=arguments.new_tokens,
            min_new_tokens=arguments.new_tokens,
            do_sample=False,
            use_cache=True,
            pad_token_id=0,
        )
    seconds = time.perf_counter() - began
    ids = made[:, prompts.shape[1] :]
    return {"seconds": seconds, "tokens": ids.numel(), "ids": ids.tolist()}


measure()
serve({"torch": torch.__version__, "transformers": transformers.__version__}, measure)
