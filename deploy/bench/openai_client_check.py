#!/usr/bin/env python3
"""Checks a Tributary server with OpenAI's own Python client, unchanged but for its base URL.

How to run:

    python3 -m venv venv && venv/bin/pip install openai
    deploy/tributary up --config up.yaml          # or any other way to start a server
    venv/bin/python deploy/bench/openai_client_check.py http://127.0.0.1:8080/v1 --model shop.support

Prints one line a check and exits with 1 if any fails.
"""

import argparse
import sys
import threading

import openai


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base_url", help="such as http://127.0.0.1:8080/v1")
    parser.add_argument("--model", help="model to ask; default: the first of the list")
    parser.add_argument("--question", default="Where is the shop?")
    arguments = parser.parse_args()

    client = openai.OpenAI(base_url=arguments.base_url, api_key="none", max_retries=0, timeout=60)
    checks = Checks(client, arguments.model or client.models.list().data[0].id, arguments.question)
    failed = 0
    for name, check in checks.all():
        try:
            print(f"ok    {name}: {check()}")
        except Exception as error:  # each check reports for itself
            failed += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}")
    print(f"openai {openai.__version__}: {failed} failed")
    return 1 if failed else 0


class Checks:
    def __init__(self, client, model, question):
        self.client = client
        self.model = model
        self.messages = [{"role": "user", "content": question}]

    def all(self):
        for name in dir(self):
            if name.startswith("check_"):
                yield name.removeprefix("check_").replace("_", " "), getattr(self, name)

    def check_models(self):
        models = self.client.models.list().data
        for model in models:
            assert self.client.models.retrieve(model.id) == model
        return ", ".join(model.id for model in models)

    def check_chat(self):
        answer = self.chat()
        assert answer.object == "chat.completion" and answer.id.startswith("chatcmpl-")
        assert answer.choices[0].message.role == "assistant"
        usage = answer.usage
        assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
        return f"{answer.model} says {answer.choices[0].message.content!r}"

    def check_streaming_chat_adds_up_to_the_whole_one(self):
        whole = self.chat()
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        assert len({chunk.id for chunk in chunks}) == 1
        assert chunks[0].choices[0].delta.role == "assistant"
        assert chunks[-1].choices == [] and chunks[-1].usage == whole.usage
        assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason
        text = "".join(c.choices[0].delta.content or "" for c in chunks[:-1])
        assert text == whole.choices[0].message.content, text
        return f"{len(chunks)} chunks"

    def check_streaming_helper(self):
        whole = self.chat().choices[0].message.content
        stop = whole[len(whole) // 2 :][:3]
        with self.client.chat.completions.stream(
            model=self.model, messages=self.messages, max_tokens=16, temperature=0, stop=stop
        ) as stream:
            final = stream.get_final_completion()
        assert final.choices[0].message.content == whole[: whole.index(stop)]
        return final.choices[0].finish_reason

    def check_chat_stops_and_choices(self):
        whole = self.chat().choices[0].message.content
        stop = whole[len(whole) // 2 :][:3]
        answer = self.chat(n=3, stop=[stop])
        assert [choice.index for choice in answer.choices] == [0, 1, 2]
        for choice in answer.choices:
            assert choice.message.content == whole[: whole.index(stop)], choice
            assert choice.finish_reason == "stop"
        return f"stopped at {stop!r}"

    def check_seed(self):
        draws = [self.chat(temperature=1.2, seed=7).choices[0].message.content for _ in range(2)]
        assert draws[0] == draws[1]
        return repr(draws[0])

    def check_completions(self):
        whole = self.client.completions.create(
            model=self.model, prompt=["the shop", "the order"], max_tokens=8, temperature=0
        )
        assert len(whole.choices) == 2 and whole.object == "text_completion"
        stream = self.client.completions.create(
            model=self.model, prompt="the shop", max_tokens=8, temperature=0, stream=True
        )
        text = "".join(chunk.choices[0].text for chunk in stream)
        assert text == whole.choices[0].text
        return repr(text)

    def check_bad_parameter(self):
        error = raises(openai.BadRequestError, lambda: self.chat(n=10**9))
        assert error.param == "n" and error.code and error.type == "invalid_request_error"
        return error.message

    def check_unknown_model(self):
        error = raises(
            openai.NotFoundError,
            lambda: self.client.chat.completions.create(model="gpt-4o", messages=self.messages),
        )
        assert error.code == "model_not_found" and error.param == "model"
        return error.message

    def check_context_length(self):
        error = raises(
            openai.BadRequestError,
            lambda: self.client.completions.create(model=self.model, prompt="word " * 50_000),
        )
        assert error.code == "context_length_exceeded" and error.param == "prompt"
        return error.message

    def check_unsupported_option(self):
        error = raises(openai.BadRequestError, lambda: self.chat(logprobs=True))
        assert error.param == "logprobs" and error.code == "unsupported_parameter"
        return error.message

    def check_a_stream_that_is_left_early_frees_its_worker(self):
        with self.chat(stream=True, max_tokens=4000) as stream:
            next(iter(stream))
        self.chat()
        return "answered again"

    def check_many_at_once(self):
        outcomes, broken = [], []

        def ask():
            try:
                outcomes.append(self.chat().model)
            except openai.RateLimitError as refusal:
                outcomes.append(f"429, retry after {refusal.response.headers['retry-after']} s")
            except openai.OpenAIError as error:
                broken.append(error)

        threads = [threading.Thread(target=ask) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not broken, broken[0]
        return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}

    def chat(self, **options):
        options = {"max_tokens": 16, "temperature": 0} | options
        return self.client.chat.completions.create(
            model=self.model, messages=self.messages, **options
        )


def raises(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


if __name__ == "__main__":
    sys.exit(main())
