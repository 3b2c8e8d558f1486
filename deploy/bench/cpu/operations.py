"""How many operations the phases of a step need, from a model's configuration. A multiplication and an addition are two."""
import json


class Operations:
    def __init__(self, directory):
        config = json.loads((directory / "config.json").read_text())
        self.kind = config["model_type"]
        if self.kind == "gpt2":
            width, layers = config["n_embd"], config["n_layer"]
            per_layer, attention = 12 * width * width, width
        else:
            width, layers, inner = config["hidden_size"], config["num_hidden_layers"], config["intermediate_size"]
            heads = config["num_attention_heads"]
            attention = config.get("head_dim", width // heads) * heads
            shared = 2 * width * attention * config.get("num_key_value_heads", heads) // heads
            per_layer = 2 * width * attention + shared + (2 if self.kind == "bert" else 3) * width * inner
        self.weights = per_layer * layers
        self.attention = attention * layers
        self.head = 0 if self.kind == "bert" else width * config["vocab_size"]

    def phases(self, tokens, supervised, mean_context, full):
        """
        mean_context: tokens a token attends to, itself included, on average.
        full: every weight has a gradient, not only the adapters on them (whose own products are left out).
        """
        layers = 2 * self.weights * tokens
        attended = 4 * self.attention * tokens * mean_context
        head = 2 * self.head * supervised
        return {
            "forward": layers + attended,
            "loss": head * (3 if full else 2),
            "backward": layers * (2 if full else 1) + 2 * attended,
        }
