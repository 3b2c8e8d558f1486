"""Lets the rivals of a session take turns, each in a process of its own, and gathers what they say."""
import contextlib
import statistics
import sys

import machine
from worker import Failed, Worker

SLOWER = 1.5  # a peer this much slower than another arithmetic of the same peer leaves after the first round
LOSS_TOLERANCE = 0.02


def hold(session, rounds):
    """Measures a session; gives for each rival its rates, memory, phases and what it says of itself."""
    rivals = [rival for rival in session.rivals if machine.has_bf16() or not rival.needs_bf16]
    left_out = {rival.name: "this processor has no bfloat16 units" for rival in session.rivals if rival not in rivals}
    measured = {}
    with contextlib.ExitStack() as running:
        workers = {}
        for rival in rivals:
            workers[rival.name] = Worker(rival.name, rival.command, rival.cores)
            running.callback(workers[rival.name].close)
            measured[rival.name] = {"ready": workers[rival.name].ready, "rounds": []}
            note(f"{session.id}: {rival.name} is warm after {workers[rival.name].ready['start_seconds']:.0f} s")
        if session.same_loss:
            check_losses(measured)
        for number in range(rounds):
            for name in workers:
                if name in left_out:
                    continue
                told = workers[name].round()
                measured[name]["rounds"].append(told)
                note(f"{session.id}: round {number + 1}: {name}: {rate(told):.1f} tokens/s")
            if number == 0:
                left_out |= too_slow(session, measured)
    return {
        "rivals": {name: summary(facts) for name, facts in measured.items()},
        "left_out": left_out,
    }


def rate(told):
    return told["tokens"] / told["seconds"]


def check_losses(measured):
    """All rivals start from the same weights and take the same first step."""
    losses = {name: facts["ready"]["first_loss"] for name, facts in measured.items()}
    if max(losses.values()) - min(losses.values()) > LOSS_TOLERANCE * min(losses.values()):
        raise Failed(f"the rivals' first losses differ, so they do not do the same work: {losses}")


def too_slow(session, measured):
    """The arithmetic a peer is slow in, judged after one round; ours stays, and so does a row's only peer."""
    needed = {row.peers[0] for row in session.rows if len(row.peers) == 1}
    slow = {}
    for row in session.rows:
        rates = {name: rate(measured[name]["rounds"][0]) for name in row.peers if name in measured}
        best = max(rates.values())
        slow |= {
            name: f"{best / value:.1f} times slower than its best arithmetic in the first round"
            for name, value in rates.items()
            if value * SLOWER < best and not name.startswith("ours") and name not in needed
        }
    return slow


def summary(facts):
    rates = [rate(told) for told in facts["rounds"]]
    result = {
        "about": facts["ready"],
        "tokens_per_second": {
            "median": statistics.median(rates),
            "lowest": min(rates),
            "highest": max(rates),
            "rounds": rates,
        },
        "peak_resident_bytes": max(told["peak_resident_bytes"] for told in facts["rounds"]),
    }
    if "phases" in facts["rounds"][0]:
        result["phases"] = phases(facts["rounds"])
    if "read_gigabytes_per_second" in facts["rounds"][0]:
        result["read_gigabytes_per_second"] = [told["read_gigabytes_per_second"] for told in facts["rounds"]]
    return result


def phases(rounds):
    """Seconds a token of each phase, all rounds together, and the share of the tokens that is supervised."""
    tokens = sum(told["tokens"] for told in rounds)
    names = rounds[0]["phases"]
    return {
        "seconds_per_token": {name: sum(told["phases"][name] for told in rounds) / tokens for name in names},
        "supervised_per_token": sum(told["supervised_tokens"] for told in rounds) / tokens,
    }


def note(line):
    print(line, file=sys.stderr, flush=True)
