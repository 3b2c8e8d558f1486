"""A measured process: says one line of JSON once it is ready, then one for every line it is sent."""
import json
import os
import subprocess
import tempfile
import time

import machine

PATIENCE_SECONDS = 600


class Failed(Exception):
    """A measured process broke."""


class Worker:
    def __init__(self, name, command, cores=2, kernels=None):
        """kernels: which ones ours is told to use, if not the best."""
        self.name = name
        self._errors = tempfile.TemporaryFile("w+")
        threads = str(cores)
        environment = os.environ | {
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "TOKENIZERS_PARALLELISM": "false",
            "HF_HUB_OFFLINE": "1",
        }
        if kernels:
            environment["TRIBUTARY_KERNELS"] = kernels
        places = machine.cores(cores)
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, places),
        )
        self.ready = self._answer()
        self.ready["start_seconds"] = time.perf_counter() - began

    def round(self):
        """Measures once."""
        self._process.stdin.write("round\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"{self.name}: ended with {self._process.wait()}\n{self._last_errors()}")
        try:
            return json.loads(line)
        except ValueError:
            raise Failed(f"{self.name}: said {line!r}\n{self._last_errors()}") from None

    def _last_errors(self):
        self._errors.seek(0)
        return self._errors.read()[-4000:]

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()
