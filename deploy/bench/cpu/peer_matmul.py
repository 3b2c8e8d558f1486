"""PyTorch's matrix products: the rates are a roof for both sides."""
import argparse
import time

import torch

from serve import serve

parser = argparse.ArgumentParser()
parser.add_argument("--shapes", required=True, help="rows x inputs x outputs, comma between them")
parser.add_argument("--dtype", choices=["float32", "bfloat16"], required=True)
parser.add_argument("--seconds", type=float, default=0.3, help="for each shape")
arguments = parser.parse_args()

torch.manual_seed(0)
dtype = getattr(torch, arguments.dtype)
shapes = [tuple(map(int, shape.split("x"))) for shape in arguments.shapes.split(",")]
products = [(torch.rand(n, k).to(dtype), torch.rand(m, k).to(dtype)) for n, k, m in shapes]


def rate(x, weight):
    times, began = 0, time.perf_counter()
    while True:
        torch.nn.functional.linear(x, weight)
        times += 1
        passed = time.perf_counter() - began
        if passed >= arguments.seconds:
            return 2 * x.shape[0] * x.shape[1] * weight.shape[0] * times / passed / 1e9


def measure():
    with torch.no_grad():
        return {"gflops": [rate(x, weight) for x, weight in products]}


measure()
serve({"torch": torch.__version__}, measure)
