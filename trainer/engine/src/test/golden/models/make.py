"""Writes the golden files the engine's tests compare with, using transformers and peft.

    python make.py DIRECTORY [NAME]...

Every family has a model with a LoRA adapter and one that is trained throughout, both in odd shapes.
"""

import pathlib
import sys

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from peers import (
    IGNORED,
    gradients,
    greedy,
    losses,
    named_gradients,
    random_model,
    save_adapter,
    save_expected,
    saved_model,
    train,
    trained,
)


def random_sequences(seed, vocabulary, lengths, labels=None):
    generator = torch.Generator().manual_seed(seed)
    sequences = []
    for index, length in enumerate(lengths):
        ids = torch.randint(0, vocabulary, (length,), generator=generator).tolist()
        if labels is None:
            # The first sequence is supervised throughout, the others from a place of their own on.
            start = 0 if index == 0 else length // (index + 1)
            supervised = [IGNORED if i < start else token for i, token in enumerate(ids)]
            sequences.append({"input_ids": ids, "labels": supervised})
        else:
            second = length // 2 if index % 2 == 0 else length
            types = [0 if i < second else 1 for i in range(length)]
            sequences.append({"input_ids": ids, "token_type_ids": types, "label": index % labels})
    return sequences


def prompts_for(vocabulary):
    return [[5, 9, 31], [vocabulary - 1], list(range(20))]


def lora_case(directory, model, sequences, lora, saved_as=torch.float32, shards="5GB"):
    model = saved_model(model, directory / "model", saved_as, max_shard_size=shards)
    causal = "labels" in sequences[0]
    prompts = prompts_for(model.config.vocab_size)
    facts = {"sequences": sequences, "base": {}}
    if causal:
        facts["prompts"] = prompts
        facts["base"].update(greedy(model, prompts, 12))
    base_sums, _, base_logits = losses(model, sequences)
    facts["base"]["loss_sums"] = [value.item() for value in base_sums]
    adapted = get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM" if causal else "SEQ_CLS", r=3, lora_alpha=7, lora_dropout=0.0, **lora
        ),
    )
    torch.manual_seed(3)
    with torch.no_grad():
        for name, value in adapted.named_parameters():
            if "lora_B" in name:
                value.copy_((torch.randn_like(value) * 0.1).float().double())
            elif "lora_A" in name:
                value.copy_(value.float().double())
            elif value.requires_grad:
                # A head of its own, so that a test notices whose is used.
                value.copy_((value + torch.randn_like(value) * 0.1).float().double())
    for value in adapted.parameters():
        if value.requires_grad:
            value.data = value.data.float()
    save_adapter(adapted, directory / "adapter")
    for value in adapted.parameters():
        value.data = value.data.double()
    adapted.eval()
    if causal:
        facts.update(greedy(adapted, prompts, 12))
    measured, logits = gradients(adapted, sequences)
    facts.update(measured)
    tensors = {"base.logits": base_logits, "logits": logits, **named_gradients(adapted)}
    facts["training"] = train(adapted, sequences, "cosine", 0.02, 0.01, 0.5)
    tensors.update(trained(adapted))
    save_expected(directory, facts, tensors)


def full_case(directory, model, sequences, schedule="linear"):
    model = saved_model(model, directory / "model")
    facts = {"sequences": sequences}
    measured, logits = gradients(model, sequences)
    facts.update(measured)
    tensors = {"logits": logits, **named_gradients(model)}
    facts["training"] = train(model, sequences, schedule, 0.01, 0.1, 1.0)
    save_expected(directory, facts, tensors)


def gpt2(seed, **config):
    return random_model(
        seed,
        GPT2LMHeadModel,
        GPT2Config(
            embd_pdrop=0.0, attn_pdrop=0.0, resid_pdrop=0.0, bos_token_id=None, eos_token_id=None, **config
        ),
    )


def gpt2_lora(directory):
    model = gpt2(1, vocab_size=97, n_positions=33, n_embd=20, n_layer=3, n_head=4, n_inner=50)
    lora_case(
        directory,
        model,
        random_sequences(2, 97, [33, 1, 7, 12]),
        {"target_modules": ["c_attn", "c_proj", "c_fc"], "fan_in_fan_out": True},
    )


def gpt2_full(directory):
    model = gpt2(4, vocab_size=61, n_positions=19, n_embd=12, n_layer=2, n_head=3)
    full_case(directory, model, random_sequences(5, 61, [19, 1, 2, 9]))


def gpt2_untied(directory):
    model = gpt2(
        4,
        vocab_size=31,
        n_positions=17,
        n_embd=10,
        n_layer=2,
        n_head=1,
        n_inner=23,
        tie_word_embeddings=False,
    )
    full_case(directory, model, random_sequences(5, 31, [17, 1, 2, 9]), "constant")


def decoder(seed, model_class, config_class, **config):
    return random_model(
        seed,
        model_class,
        config_class(bos_token_id=None, eos_token_id=None, pad_token_id=None, **config),
        deviation=0.2,
    )


def llama_lora(directory):
    """Grouped queries, heads not width / heads, llama3 frequencies, an own head, bfloat16."""
    model = decoder(
        11,
        LlamaForCausalLM,
        LlamaConfig,
        vocab_size=97,
        max_position_embeddings=37,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=10,
        intermediate_size=34,
        rms_norm_eps=1e-5,
        tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16,
        },
    )
    lora_case(
        directory,
        model,
        random_sequences(12, 97, [37, 1, 7, 12]),
        {"target_modules": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]},
        saved_as=torch.bfloat16,
    )


def llama_full(directory):
    """Every bias a Llama can have, tied embeddings, stretched positions."""
    model = decoder(
        14,
        LlamaForCausalLM,
        LlamaConfig,
        vocab_size=61,
        max_position_embeddings=19,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        num_key_value_heads=1,
        intermediate_size=17,
        attention_bias=True,
        mlp_bias=True,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.5},
    )
    full_case(directory, model, random_sequences(15, 61, [19, 1, 2, 9]))


def mistral_lora(directory):
    """A window that bounds the context."""
    model = decoder(
        21,
        MistralForCausalLM,
        MistralConfig,
        vocab_size=131,
        max_position_embeddings=64,
        sliding_window=35,
        hidden_size=18,
        num_hidden_layers=2,
        num_attention_heads=6,
        num_key_value_heads=3,
        head_dim=4,
        intermediate_size=29,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0},
    )
    lora_case(
        directory,
        model,
        random_sequences(22, 131, [35, 1, 7, 12]),
        {"target_modules": ["q_proj", "v_proj"]},
    )


def mistral_full(directory):
    model = decoder(
        24,
        MistralForCausalLM,
        MistralConfig,
        vocab_size=61,
        max_position_embeddings=19,
        sliding_window=None,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=21,
    )
    full_case(directory, model, random_sequences(25, 61, [19, 1, 2, 9]), "constant")


def qwen2_lora(directory):
    """Biases on queries, keys and values only, tied embeddings, several files."""
    model = decoder(
        31,
        Qwen2ForCausalLM,
        Qwen2Config,
        vocab_size=131,
        max_position_embeddings=33,
        hidden_size=28,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=37,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
    )
    lora_case(
        directory,
        model,
        random_sequences(32, 131, [33, 1, 7, 12]),
        {"target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]},
        shards="20KB",
    )


def qwen2_full(directory):
    model = decoder(
        34,
        Qwen2ForCausalLM,
        Qwen2Config,
        vocab_size=61,
        max_position_embeddings=19,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        num_key_value_heads=3,
        intermediate_size=17,
        tie_word_embeddings=False,
    )
    full_case(directory, model, random_sequences(35, 61, [19, 1, 2, 9]))


def qwen3_lora(directory):
    """Normalised queries and keys, heads wider together than the model, float16."""
    model = decoder(
        141,
        Qwen3ForCausalLM,
        Qwen3Config,
        vocab_size=97,
        max_position_embeddings=33,
        hidden_size=20,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=6,
        intermediate_size=31,
        tie_word_embeddings=True,
    )
    lora_case(
        directory,
        model,
        random_sequences(42, 97, [33, 1, 7, 12]),
        {"target_modules": ["q_proj", "k_proj", "v_proj", "down_proj"]},
        saved_as=torch.float16,
    )


def qwen3_full(directory):
    model = decoder(
        44,
        Qwen3ForCausalLM,
        Qwen3Config,
        vocab_size=61,
        max_position_embeddings=19,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=6,
        intermediate_size=17,
        attention_bias=True,
        tie_word_embeddings=False,
    )
    full_case(directory, model, random_sequences(45, 61, [19, 1, 2, 9]))


def bert(seed, labels, **config):
    return random_model(
        seed,
        BertForSequenceClassification,
        # PyTorch never trains the embedding of a padding token, which no packed batch holds.
        BertConfig(
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            pad_token_id=None,
            num_labels=labels,
            **config,
        ),
    )


def bert_lora(directory):
    model = bert(
        51,
        3,
        vocab_size=97,
        max_position_embeddings=33,
        hidden_size=20,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=50,
    )
    lora_case(
        directory,
        model,
        random_sequences(52, 97, [33, 1, 7, 12, 18], labels=3),
        {"target_modules": ["query", "value"]},
    )


def bert_full(directory):
    """Five classes, three types of token, another activation."""
    model = bert(
        54,
        5,
        vocab_size=61,
        max_position_embeddings=19,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=23,
        type_vocab_size=3,
        hidden_act="gelu_new",
        layer_norm_eps=1e-6,
    )
    full_case(directory, model, random_sequences(55, 61, [19, 1, 2, 9], labels=5))


CASES = {
    function.__name__.replace("_", "-"): function
    for function in (
        gpt2_lora,
        gpt2_full,
        gpt2_untied,
        llama_lora,
        llama_full,
        mistral_lora,
        mistral_full,
        qwen2_lora,
        qwen2_full,
        qwen3_lora,
        qwen3_full,
        bert_lora,
        bert_full,
    )
}


def main():
    root = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or CASES:
        CASES[name](root / name)


if __name__ == "__main__":
    main()
