"""What transformers and scikit-learn say about classifiers: token ids of texts and pairs, and scores.

    python make.py    (transformers 5.23, any scikit-learn)

Writes beside itself: vocab.txt, tokenizer.json, encoded.json, scores.json.
"""

import json
import pathlib
import random

from sklearn.metrics import accuracy_score, f1_score
from transformers import BertTokenizerFast

HERE = pathlib.Path(__file__).parent
WORDS = """my card was stolen how do i get a new one where is the refund for that order ? ! , . ' [ ]
##s ##ing ##ed ##es ##lar cafe na ##ive pay ##ment wait top ##up transfer fail 中 文 é [sep]""".split()
TEXTS = [
    "My card was stolen!",
    "Where's the refund for that order?",
    "Café naïve payments, 中文",
    "unknownword my card",
    "   my\tcard\n  ",
    "how do i get a new card , how do i get a new card , how do i get a new card ?",
]


def write(name, value):
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in value)
    (HERE / name).write_text("[\n" + lines + "\n]\n")


def tokens():
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + WORDS + list("abcdefghijklmnopqrstuvwxyz")
    vocab = list(dict.fromkeys(vocab))
    (HERE / "vocab.txt").write_text("\n".join(vocab) + "\n")
    tokenizer = BertTokenizerFast(vocab={token: i for i, token in enumerate(vocab)})
    tokenizer.backend_tokenizer.save(str(HERE / "tokenizer.json"))
    cases = []
    for max_length in (64, 12, 9):
        for text in TEXTS:
            cases.append(case(tokenizer, text, None, max_length))
        for text in TEXTS:
            for pair in TEXTS:
                cases.append(case(tokenizer, text, pair, max_length))
    write("encoded.json", cases)


def case(tokenizer, text, pair, max_length):
    out = tokenizer(text, pair, truncation="longest_first", max_length=max_length)
    longer = tokenizer(text, pair)
    return {
        "text": text,
        "text_pair": pair,
        "max_length": max_length,
        "input_ids": out["input_ids"],
        "token_type_ids": out["token_type_ids"],
        "truncated": len(longer["input_ids"]) > max_length,
    }


def scores():
    rng = random.Random(7)
    cases = []
    for classes, examples in ((2, 9), (3, 30), (5, 8), (7, 200)):
        truth = [rng.randrange(classes) for _ in range(examples)]
        guess = [t if rng.random() < 0.6 else rng.randrange(classes) for t in truth]
        cases.append((truth, guess))
    cases.append(([0, 0, 1, 1], [2, 2, 2, 2]))
    cases.append(([3, 3], [3, 3]))
    write(
        "scores.json",
        [
            {
                "labels": truth,
                "predictions": guess,
                "accuracy": accuracy_score(truth, guess),
                "macro_f1": f1_score(truth, guess, average="macro", zero_division=0),
            }
            for truth, guess in cases
        ],
    )


tokens()
scores()
