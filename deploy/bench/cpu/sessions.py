"""What is measured: sessions of rivals that take turns, and the rows of the table that come of them."""
import dataclasses

import inputs

GPT2_TARGETS = "c_attn,c_proj"
GPT2_VOCABULARY = inputs.GPT2_VOCABULARY


@dataclasses.dataclass(frozen=True)
class Rival:
    """One measured process. name: 'ours…' is Tributary, all others are PyTorch."""

    name: str
    command: tuple
    cores: int = 2
    needs_bf16: bool = False

    @property
    def is_ours(self):
        return self.name.startswith("ours")


@dataclasses.dataclass(frozen=True)
class Row:
    """
    A line of the table: how many times as fast `ours` is as the best of `peers`.

    targets: least ratio with AMX, and on a processor with AVX2 only; None where there is none.
    memory: whether peak memory is compared too.
    flat: `peers` are all ours; how many times as fast the best is as the worst, to stay below the target.
    """

    id: str
    title: str
    ours: str
    peers: tuple
    targets: tuple
    memory: bool = True
    flat: bool = False


@dataclasses.dataclass(frozen=True)
class Session:
    """
    work: what the rivals do, for the roofline: model, and records and whether every weight is trained, or the texts
        generated at once.
    same_loss: whether the first step of all rivals is the same work, so that its loss must be too.
    """

    id: str
    rivals: tuple
    rows: tuple
    work: dict = dataclasses.field(default_factory=dict)
    same_loss: bool = False


class Sessions:
    """
    least: seconds a round takes at least.
    warm_up: seconds ours runs before the first round, while its code is compiled; PyTorch takes two steps.
    """

    def __init__(self, tributary, python, here, files, least, warm_up):
        self.tributary = tributary
        self.python = python
        self.here = here
        self.files = files
        self.least = least
        self.warm_up = warm_up

    def all(self):
        return {
            "lora-step": self.lora_step,
            "banking": self.banking,
            "alpaca": self.alpaca,
            "qwen": self.qwen,
            "bert": self.bert,
            "generate-1": lambda: self.generate(1),
            "generate-16": lambda: self.generate(16),
            "scaling-cores": self.scaling_cores,
            "scaling-tokens": self.scaling_tokens,
        }

    def lora_step(self):
        model, data = self.files.model("gpt2-small"), self.files.random_rows(GPT2_VOCABULARY, 128, 64)
        step = {"model": model, "data": data, "targets": GPT2_TARGETS, "records": 4}
        rivals = (
            self._ours("ours", tokens=512, **step),
            self._ours("ours float32", tokens=512, precision="float32", **step),
            self._peer("float32", layout="rows", batch=4, **step),
            self._peer("autocast", layout="rows", batch=4, **step),
        )
        title = "GPT-2-small shape, LoRA r=8 on c_attn, c_proj, batch 4×128, full logits"
        rows = (
            Row("lora-step", title, "ours", ("float32", "autocast"), (4.0, 1.7)),
            Row("lora-step-float32", "the same in float32", "ours float32", ("float32",), (1.6, None)),
        )
        return Session("lora-step", rivals, rows, {"model": model, "data": data, "full": False}, same_loss=True)

    def banking(self):
        title = "BANKING77 as prompt and completion, useful tokens/s"
        return self._instructions("banking", title, self.files.banking_records(), records=32, pad_to=128, tokens=1_024)

    def alpaca(self):
        title = "Alpaca-like spread of lengths 20–512, useful tokens/s"
        return self._instructions("alpaca", title, self.files.spread(), records=8, pad_to=512, tokens=2_048)

    def _instructions(self, name, title, data, records, pad_to, tokens):
        """Steps of equally many tokens on all sides, padding included."""
        model = self.files.model("gpt2-small")
        step = {"model": model, "data": data, "targets": GPT2_TARGETS, "records": records}
        padded = {"layout": "padded", "batch": tokens // pad_to, "length": pad_to, **step}
        packed = {"layout": "packed", "batch": tokens // 512, "length": 512, **step}
        rivals = (
            self._ours("ours", tokens=tokens, **step),
            self._peer("float32", label="padded ", **padded),
            self._peer("autocast", label="padded ", **padded),
            self._peer("float32", label="packed ", **packed),
            self._peer("autocast", label="packed ", **packed),
        )
        recipe = f"{title}: against padding to {pad_to}, loss on everything"
        masks = f"{title}: against packed rows of 512 with a block mask, loss on completions"
        rows = (
            Row(f"{name}-padded", recipe, "ours", ("padded float32", "padded autocast"), (10.0, 6.0)),
            Row(f"{name}-packed", masks, "ours", ("packed float32", "packed autocast"), (4.0, 2.0)),
        )
        return Session(name, rivals, rows, {"model": model, "data": data, "full": False})

    def qwen(self):
        model, data = self.files.model("qwen2-5-0-5b"), self.files.random_rows(151_936, 512, 16)
        step = {"model": model, "data": data, "targets": "q_proj,k_proj,v_proj,o_proj", "records": 1}
        rivals = (
            self._ours("ours", tokens=512, **step),
            self._peer("float32", layout="rows", batch=1, **step),
            self._peer("autocast", layout="rows", batch=1, **step),
            self._peer("bfloat16", layout="rows", batch=1, **step),
        )
        title = "Qwen2.5-0.5B shape, LoRA r=8 on q, k, v, o, one sequence of 512, full logits"
        rows = (Row("qwen", title, "ours", ("float32", "autocast", "bfloat16"), (3.0, 1.5)),)
        return Session("qwen", rivals, rows, {"model": model, "data": data, "full": False}, same_loss=True)

    def bert(self):
        model, data = self.files.model("bert-base"), self.files.classified_rows(30_522, 128, 64, 77)
        step = {"model": model, "data": data, "records": 16, "learning_rate": 2e-5}
        rivals = (
            self._ours("ours", tokens=2_048, **step),
            self._peer("float32", layout="labels", batch=16, **step),
            self._peer("autocast", layout="labels", batch=16, **step),
        )
        rows = (
            Row("bert", "BERT-base shape, full fine-tuning, 16×128", "ours", ("float32", "autocast"), (2.0, 1.4)),
        )
        return Session("bert", rivals, rows, {"model": model, "data": data, "full": True}, same_loss=True)

    def generate(self, batch):
        model, data = self.files.model("gpt2-small"), self.files.random_rows(GPT2_VOCABULARY, 32, 16)
        sizes = ("--model", model, "--data", data, "--batch", batch, "--new-tokens", 64, "--seconds", self.least)
        peer = (self.python, self.here / "peer_generate.py", *sizes)
        rivals = (
            Rival("ours", (self.tributary, "bench-generate", *sizes, "--warm-up", self.warm_up)),
            Rival("float32", (*peer, "--dtype", "float32")),
            Rival("bfloat16", (*peer, "--dtype", "bfloat16"), needs_bf16=True),
        )
        title = f"generation, GPT-2-small shape, greedy, prompt 32, 64 new tokens, batch {batch}"
        rows = (Row(f"generate-{batch}", title, "ours", ("float32", "bfloat16"), (3.0, 2.0)),)
        return Session(f"generate-{batch}", rivals, rows, {"model": model, "batch": batch})

    def scaling_cores(self):
        data = self.files.random_rows(GPT2_VOCABULARY, 128, 64)
        step = {"model": self.files.model("gpt2-small"), "data": data, "targets": GPT2_TARGETS, "records": 4, "tokens": 512}
        rivals = (self._ours("ours", **step), self._ours("ours, 1 core", cores=1, **step))
        title = "ours, the step of the first row, 2 cores against 1"
        rows = (Row("scaling-cores", title, "ours", ("ours, 1 core",), (1.8, 1.8), memory=False),)
        return Session("scaling-cores", rivals, rows)

    def scaling_tokens(self):
        data = self.files.random_rows(GPT2_VOCABULARY, 64, 256)
        step = {"model": self.files.model("gpt2-small"), "data": data, "targets": GPT2_TARGETS}
        sizes = (64, 256, 1_024, 4_096)
        rivals = tuple(self._ours(f"ours, {size} tokens", tokens=size, records=size // 64, **step) for size in sizes)
        title = "ours, 64 to 4,096 tokens a step, the worst against the best time per token"
        every = tuple(rival.name for rival in rivals)
        rows = (Row("scaling-tokens", title, "", every, (1.2, 1.2), memory=False, flat=True),)
        return Session("scaling-tokens", rivals, rows)

    def _ours(self, name, model, data, tokens, records, targets=None, precision=None, cores=2, learning_rate=1e-4):
        command = [self.tributary, "bench-step", "--model", model, "--data", data, "--tokens-per-step", tokens]
        command += ["--records-per-round", records, "--seconds", self.least, "--warm-up", self.warm_up]
        command += ["--learning-rate", learning_rate]
        if targets:
            command += ["--target-modules", targets]
        if precision:
            command += ["--precision", precision]
        return Rival(name, tuple(command), cores)

    def _peer(self, dtype, layout, model, data, batch, records, targets=None, length=None, learning_rate=1e-4, label=""):
        command = [self.python, self.here / "peer_train.py", "--model", model, "--data", data, "--layout", layout]
        command += ["--batch", batch, "--records-per-round", records, "--seconds", self.least, "--dtype", dtype]
        command += ["--learning-rate", learning_rate]
        if targets:
            command += ["--target-modules", targets]
        if length:
            command += ["--length", length]
        return Rival(label + dtype, tuple(command), needs_bf16=dtype != "float32")
