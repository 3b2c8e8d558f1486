"""Writes what the CPU bench runs on: models of real shapes with random weights, and records. Whatever is there stays."""
import csv
import json
import math
import pathlib
import random

PROMPT = "Which of the bank's intents does this customer's query have? Answer with its name.\n\nQuery: {}\n\nIntent:"
GPT2_VOCABULARY = 50_257
BANKING_VOCABULARY = 4_096


class Inputs:
    """Lazily made files below one folder."""

    def __init__(self, folder, banking, demo):
        self.folder = folder
        self.banking = banking
        self.demo = demo

    def model(self, name):
        """A Hugging Face directory, its weights random."""
        directory = self.folder / "models" / name
        if not (directory / "model.safetensors").exists():
            import torch

            torch.manual_seed(0)
            getattr(self, "_" + name.replace("-", "_"))().save_pretrained(directory)
        return directory

    @staticmethod
    def _gpt2_small():
        """Without the base model's own dropout: the only one is the adapter's, on both sides."""
        from transformers import GPT2Config, GPT2LMHeadModel

        return GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))

    @staticmethod
    def _qwen2_5_0_5b():
        import torch
        from transformers import Qwen2Config, Qwen2ForCausalLM

        config = Qwen2Config(
            vocab_size=151_936,
            hidden_size=896,
            intermediate_size=4_864,
            num_hidden_layers=24,
            num_attention_heads=14,
            num_key_value_heads=2,
            max_position_embeddings=32_768,
            rms_norm_eps=1e-6,
            rope_theta=1_000_000.0,
            tie_word_embeddings=True,
        )
        return Qwen2ForCausalLM(config).to(torch.bfloat16)

    @staticmethod
    def _bert_base():
        from transformers import BertConfig, BertForSequenceClassification

        config = BertConfig(num_labels=77, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        return BertForSequenceClassification(config)

    @staticmethod
    def _gpt2_mini():
        from transformers import GPT2Config, GPT2LMHeadModel

        sizes = {"vocab_size": BANKING_VOCABULARY, "n_positions": 256, "n_embd": 256, "n_layer": 4, "n_head": 4}
        return GPT2LMHeadModel(GPT2Config(**sizes, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))

    def random_rows(self, vocabulary, length, count):
        """Records of one length, random tokens, every token supervised."""
        return self._file(f"rows-{vocabulary}-{length}-{count}", lambda: self._rows(vocabulary, length, count))

    def classified_rows(self, vocabulary, length, count, classes):
        """Records of one length, random tokens, a random class."""

        def make():
            draw = random.Random(0)
            for _ in range(count):
                yield {"input_ids": draw.choices(range(vocabulary), k=length), "label": draw.randrange(classes)}

        return self._file(f"classified-{vocabulary}-{length}-{count}-{classes}", make)

    @staticmethod
    def _rows(vocabulary, length, count):
        draw = random.Random(0)
        for _ in range(count):
            ids = draw.choices(range(vocabulary), k=length)
            yield {"input_ids": ids, "labels": ids}

    def spread(self, count=600):
        """Lengths as of Alpaca's records (log-normal, median 100, within 20 to 512), part prompt and part completion."""

        def make():
            draw = random.Random(0)
            for _ in range(count):
                length = min(512, max(20, round(draw.lognormvariate(math.log(100), 0.7))))
                prompt = round(length * draw.uniform(0.3, 0.7))
                ids = draw.choices(range(GPT2_VOCABULARY), k=length)
                yield {"input_ids": ids, "labels": [-100] * prompt + ids[prompt:]}

        return self._file(f"spread-{count}", make)

    def banking_records(self):
        """BANKING77 as prompt and completion, in a tokenizer learnt from it that cuts words about as finely as GPT-2's."""
        return self._file("banking", lambda: self._encoded(self._tokenizer(), GPT2_VOCABULARY - 1))

    def banking_text(self, order):
        """The same texts for learning: every token supervised, ids within the small vocabulary."""

        def make():
            for record in self._encoded(self._tokenizer(), 0, order):
                yield {"input_ids": record["input_ids"], "labels": record["input_ids"]}

        return self._file(f"banking-text-{order}", make)

    def banking_for_demo(self, order):
        """The same records in the demo model's own tokenizer."""
        from tokenizers import Tokenizer

        tokenizer = self.demo / "tokenizer.json"
        return self._file(f"banking-demo-{order}", lambda: self._encoded(Tokenizer.from_file(str(tokenizer)), 0, order))

    def _encoded(self, tokenizer, end, order=0):
        for text, intent in self._queries(order):
            prompt = tokenizer.encode(PROMPT.format(text)).ids
            completion = tokenizer.encode(" " + intent).ids + [end]
            ids = (prompt + completion)[:128]
            yield {"input_ids": ids, "labels": ([-100] * len(prompt) + completion)[:128]}

    def _tokenizer(self):
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=BANKING_VOCABULARY,
            show_progress=False,
            special_tokens=["<|end|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )
        tokenizer.train_from_iterator([f"{PROMPT.format(text)} {intent}" for text, intent in self._queries()], trainer)
        return tokenizer

    def _queries(self, order=0):
        with open(self.banking / "train.csv", newline="") as lines:
            queries = [(row["text"].strip(), row["category"].replace("_", " ")) for row in csv.DictReader(lines)]
        random.Random(order).shuffle(queries)
        return queries

    def _file(self, name, make):
        path = self.folder / "records" / f"{name}.jsonl"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = pathlib.Path(f"{path}.part")
            with open(unfinished, "w") as out:
                out.writelines(json.dumps(record) + "\n" for record in make())
            unfinished.rename(path)
        return path


def shape(path):
    """What the operation count needs of a file of records: means over its records."""
    with open(path) as lines:
        records = [json.loads(line) for line in lines]
    lengths = [len(record["input_ids"]) for record in records]
    supervised = [sum(label != -100 for label in record["labels"][1:]) if "labels" in record else 0 for record in records]
    tokens = sum(lengths)
    return {
        "tokens_per_record": tokens / len(records),
        "supervised_per_token": sum(supervised) / tokens,
        "mean_context": sum(length * (length + 1) / 2 for length in lengths) / tokens,
    }
