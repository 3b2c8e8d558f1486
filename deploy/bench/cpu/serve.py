"""The peers' side of the protocol of worker.py."""
import json
import pathlib
import sys


def serve(ready, measure):
    say(ready)
    for _ in sys.stdin:
        say(measure() | {"peak_resident_bytes": peak_resident_bytes()})


def say(document):
    print(json.dumps(document), flush=True)


def peak_resident_bytes():
    status = pathlib.Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def records(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines]
