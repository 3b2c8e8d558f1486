"""Writes the golden files beside it with the field's own libraries.

    pip install torch transformers==5.23.0 peft==0.21.2 tokenizers==0.23.3 safetensors==0.8.0
    python make.py
"""

import json
import pathlib

import peft
import safetensors.torch
import tokenizers
import torch
import transformers
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
torch.manual_seed(7)


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def safetensors_files():
    values = torch.tensor([[0.0, 1.0, -2.5], [3.14159, 65504.0, -1e-3]])
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        name = str(dtype).removeprefix("torch.")
        tensors = {"b.weight": values.to(dtype), "a.bias": values[1].to(dtype).clone()}
        path = HERE / "safetensors" / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        safetensors.torch.save_file(tensors, path, {"format": "pt"})
        write(
            HERE / "safetensors" / f"{name}.json",
            {key: tensor.float().flatten().tolist() for key, tensor in tensors.items()},
        )


def tokenizer_files():
    corpus = HERE / "bpe" / "corpus.txt"
    lines = corpus.read_text().splitlines()
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=420,
        min_frequency=2,
        special_tokens=["<|user|>", "<|end|>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.save(str(HERE / "bpe" / "tokenizer.json"))
    texts = lines[:5] + [
        "",
        " ",
        "What's the shop's return policy?  Two  spaces\n\nand lines\t",
        "Grüße, 世界! 🙂🏽 naïve café",
        "1234567 items at 99.95",
        "\u00a0\u2028 odd spaces \u3000",
    ]
    cases = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    write(HERE / "bpe" / "encodings.json", cases)


def peft_files():
    config = transformers.GPT2Config(
        vocab_size=64, n_positions=16, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0
    )
    base = transformers.GPT2LMHeadModel(config).eval()
    with torch.no_grad():
        for parameter in base.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    base.save_pretrained(HERE / "peft" / "base")
    (HERE / "peft" / "base" / "generation_config.json").unlink(missing_ok=True)
    for rslora, name in ((False, "lora"), (True, "rslora")):
        lora = peft.LoraConfig(
            r=3,
            lora_alpha=6,
            lora_dropout=0.1,
            target_modules=["c_attn", "mlp.c_proj"],
            task_type="CAUSAL_LM",
            fan_in_fan_out=True,
            use_rslora=rslora,
            base_model_name_or_path="tiny-base",
        )
        base = transformers.GPT2LMHeadModel.from_pretrained(HERE / "peft" / "base").eval()
        model = peft.get_peft_model(base, lora).eval()
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if "lora_" in key:
                    parameter.copy_(0.3 * torch.randn_like(parameter))
        model.peft_config["default"].base_model_name_or_path = "tiny-base"
        model.save_pretrained(HERE / "peft" / name)
        (HERE / "peft" / name / "README.md").unlink(missing_ok=True)
        ids = [5, 9, 33, 2, 61, 17, 8, 40]
        labels = [-100, -100, -100, 2, 61, 17, 8, 40]
        with torch.no_grad():
            loss = model(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).loss
        write(
            HERE / "peft" / name / "expected.json",
            {"input_ids": ids, "labels": labels, "loss_sum": float(loss) * 5},
        )


TEMPLATES = {
    "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n"
    "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "llama3": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + "
    "'<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}"
    "{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    "qwen": "{%- if messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- else %}\n"
    "    {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n"
    "    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) or (message.role == \"assistant\" and not message.tool_calls) %}\n"
    "        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n    {%- endif %}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
    "indented": "Start\n  {# a note #}\n{% for message in messages %}\n  {% if loop.first %}\n  first {{ loop.index }} of {{ loop.length }}\n  {% endif %}\n"
    "  {{ message.role | upper }}: {{ message.content | trim }}\n{% endfor %}\n\nend\n",
}


def template_files():
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    messages = [
        {"role": "user", "content": " Is {{7*7}} <b>open</b> {% raw %}? "},
        {"role": "assistant", "content": "Yes & no."},
        {"role": "user", "content": "Grüße\nzwei"},
    ]
    cases = []
    for name, source in TEMPLATES.items():
        for prompt in (True, False):
            rendered = environment.from_string(source).render(
                messages=messages, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>"
            )
            cases.append({"name": name, "template": source, "prompt": prompt, "rendered": rendered})
    write(HERE / "templates" / "rendered.json", {"messages": messages, "cases": cases})


def begun(name, tokenizer, single, special, byte_level):
    """A tokenizer that begins every text with a token, and what transformers makes of texts."""
    directory = HERE / name
    lines = (HERE / "bpe" / "corpus.txt").read_text().splitlines()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=330,
        special_tokens=special,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet() if byte_level else [],
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    ids = [(token, tokenizer.token_to_id(token)) for token in special]
    template = tokenizers.processors.TemplateProcessing(single=single, special_tokens=ids)
    tokenizer.post_processor = (
        tokenizers.processors.Sequence([tokenizers.processors.ByteLevel(trim_offsets=False), template])
        if byte_level
        else template
    )
    theirs = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=special[0], eos_token=special[1], chat_template=TEMPLATES["llama3"]
    )
    theirs.save_pretrained(directory)
    theirs = transformers.AutoTokenizer.from_pretrained(directory)
    texts = lines[:3] + ["", "What's the shop's return policy?", "1234567 items at 99.95"]
    messages = [{"role": "user", "content": lines[0]}]
    cases = {
        "texts": [{"text": text, "ids": theirs(text)["input_ids"]} for text in texts],
        "message": lines[0],
        "chat": theirs.apply_chat_template(messages, add_generation_prompt=True, return_dict=False),
    }
    write(directory / "encodings.json", cases)


def begun_files():
    llama = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", fuse_unk=True))
    llama.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    llama.decoder = tokenizers.decoders.Metaspace(prepend_scheme="first", split=False)
    turns = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    begun("llama", llama, "<s> $A", ["<s>", "</s>", "<unk>", *turns], byte_level=False)
    llama3 = tokenizers.Tokenizer(tokenizers.models.BPE())
    llama3.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    llama3.decoder = tokenizers.decoders.ByteLevel()
    special = ["<|begin_of_text|>", "<|end_of_text|>", *turns]
    begun("llama3", llama3, "<|begin_of_text|> $A", special, byte_level=True)


safetensors_files()
tokenizer_files()
peft_files()
template_files()
begun_files()
