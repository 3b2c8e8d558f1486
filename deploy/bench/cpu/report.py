"""The result file: sessions are merged into it one by one, and the page and pictures are made from it anew."""
import datetime
import json

import learning
import roof
import roofline

MEMORY_TARGET = 0.6
ADVICE = "Again: `deploy/bench/run cpu{}`, or in pieces with `--only`."


class Report:
    def __init__(self, folder, host):
        self.stem = folder / f"cpu-{host['kind']}"
        self.host = host
        path = self.stem.with_suffix(".json")
        self.facts = json.loads(path.read_text()) if path.exists() else {"sessions": {}}

    def put(self, name, facts):
        """Takes a session's result in the place of the one before, and writes all files."""
        self.facts["sessions"][name] = {"date": datetime.date.today().isoformat(), "machine": self.host} | facts
        self.write()

    def write(self):
        self.stem.parent.mkdir(parents=True, exist_ok=True)
        self.stem.with_suffix(".json").write_text(json.dumps(self.facts, indent=1) + "\n")
        bars = self._bars()
        if bars:
            title = f"Phases of a training step, {self.host['processor']}, {self.host['cores']} cores"
            (self.stem.parent / f"{self.stem.name}-roofline.svg").write_text(roofline.roofline(title, bars))
        learnt = self._session("learning")
        if learnt:
            (self.stem.parent / f"{self.stem.name}-learning.svg").write_text(roofline.curves(learnt["tasks"]))
        self.stem.with_suffix(".md").write_text(self._page(bars))

    def _session(self, name):
        session = self.facts["sessions"].get(name)
        return None if session is None or "failed" in session else session

    def _bars(self):
        products = self._session("matmul")
        if not products:
            return []
        bars = []
        for name, session in self.facts["sessions"].items():
            for rival, facts in session.get("rivals", {}).items():
                for phase, rate in facts.get("gflops", {}).items():
                    label = name if rival == "ours" else f"{name}, float32"
                    roofs = roof.ceiling(products["gflops"], phase, facts["arithmetic"])
                    bars.append((label, phase, rate, roofs))
        return bars

    def _page(self, bars):
        host = self.host
        sets = ", ".join(host["instruction_sets"])
        lines = ["# Training and generation on a CPU, PyTorch beside it", ""]
        lines += [f"{host['processor']} ({sets}) · {host['cores']} cores · {host['system']}", ""]
        if host["limited"]:
            lines += ["The processor has more than AVX2; both sides were kept to it (`--avx2`).", ""]
        lines += [*self._versions(), ""]
        lines += [*self._kernels(), ""]
        lines += ["Rates are medians over rounds in which the rivals take turns, each in a process of its own with the same"]
        lines += ["cores; brackets hold the lowest and the highest round. Of PyTorch's arithmetics the fastest counts.", ""]
        lines += ["| work | ours, tokens/s | PyTorch, tokens/s | ratio | target | peak memory, ours / PyTorch |"]
        lines += ["|---|---|---|---|---|---|"]
        for name, session in self.facts["sessions"].items():
            if "failed" in session:
                lines.append(f"| **{name}: failed**, {session['failed'].splitlines()[0]} | | | | | |")
            lines += [self._row(session, row) for row in session.get("rows", [])]
        learnt = self._session("learning")
        for task, facts in (learnt or {}).get("tasks", {}).items():
            apart = {name: f"{100 * curve['largest_difference']:.2f} %" for name, curve in facts["curves"].items()}
            title = f"bfloat16 against float32, {facts['steps']} steps on BANKING77, {facts['orders']} orders: {task}"
            told = f"smoothed losses at most {apart['ours']} apart; {learning.CONTROL} against oneDNN's {apart[learning.CONTROL]}"
            lines.append(f"| {title} | | | {told} | ≤ 1 % {mark(facts['reached'])} | |")
        lines += ["", *self._notes()]
        if bars:
            lines += ["## Roofline", "", f"![phases against the matrix products]({self.stem.name}-roofline.svg)", ""]
            lines += self._phase_table(bars)
        if self._session("matmul"):
            lines += self._limits(self._session("matmul")["gflops"])
            lines += self._products(self._session("matmul")["gflops"])
        if learnt:
            lines += ["## Learning", "", f"![loss curves]({self.stem.name}-learning.svg)", ""]
        return "\n".join([*lines, ADVICE.format(" --avx2" if host["limited"] else ""), ""])

    def _versions(self):
        """One line for each different set of versions."""
        told = {}
        for name, session in self.facts["sessions"].items():
            if "versions" in session:
                key = " · ".join([session["date"], *(f"{part} {version}" for part, version in session["versions"].items())])
                told.setdefault(key, []).append(name)
        if len(told) == 1:
            return list(told)
        return [f"- {key} ({', '.join(names)})" for key, names in told.items()]

    def _kernels(self):
        """What computes on our side, as the measured processes say."""
        told = {}
        for session in self.facts["sessions"].values():
            for name, facts in session.get("rivals", {}).items():
                if "description" in facts["about"]:
                    told.setdefault(facts["about"]["description"], "float32" if "float32" in name else "ours")
        return [f"- {label}: {description}" for description, label in told.items()]

    @staticmethod
    def _row(session, row):
        ours, peer = session["rivals"][row["ours"]], session["rivals"][row["peer"]]
        theirs = row["peer"].removeprefix("padded ").removeprefix("packed ")
        mine = f"{spread(ours)} ({row['ours']})" if row["flat"] else spread(ours)
        memory = ""
        if "memory_ratio" in row:
            sizes = f"{ours['peak_resident_bytes'] / 2**30:.2f} / {peer['peak_resident_bytes'] / 2**30:.2f} GiB"
            ratio = row["memory_ratio"]
            memory = f"{sizes} = {ratio:.2f} (≤ {MEMORY_TARGET} {mark(ratio <= MEMORY_TARGET)})"
        return (
            f"| {row['title']} | {mine} | {spread(peer)} ({theirs}) | {row['ratio']:.2f} "
            f"| {targets(row)} | {memory} |"
        )

    def _notes(self):
        notes = []
        for name, session in self.facts["sessions"].items():
            for rival, why in session.get("left_out", {}).items():
                notes.append(f"- {name}: {rival} did not run to the end: {why}.")
            other = session["machine"]["processor"]
            if other != self.host["processor"]:
                notes.append(f"- {name} was measured on {other}.")
        return notes + [""] if notes else []

    def _phase_table(self, bars):
        lines = ["| session | phase | GFLOP/s | of the ceiling | share of the step |", "|---|---|---|---|---|"]
        for session, phase, rate, ceiling in bars:
            rivals = self.facts["sessions"][session.removesuffix(", float32")]["rivals"]
            facts = rivals["ours float32" if session.endswith(", float32") else "ours"]
            times = facts["phases"]["seconds_per_token"]
            share = times[phase] / sum(times.values())
            lines.append(f"| {session} | {phase} | {rate:,.0f} | {100 * rate / ceiling:.0f} % | {100 * share:.0f} % |")
        return [*lines, ""]

    def _limits(self, products):
        """How far any implementation could get with this machine's products and memory, by row of the first table."""
        lines = ["How fast it could be if the matrix products ran at their ceilings and everything else took no time; and text"]
        lines += ["be generated, if the weights were read once for all texts of a batch, as fast as PyTorch added them up in the"]
        lines += ["same rounds, and everything else took no time:", ""]
        lines += ["| row | at most, tokens/s | ours, of that | ratio to PyTorch at most |", "|---|---|---|---|"]
        for session in self.facts["sessions"].values():
            for row in session.get("rows", []):
                ours, peer = session["rivals"][row["ours"]], session["rivals"][row["peer"]]
                most = roof.limit(products, ours)
                if most is not None:
                    mine, theirs = (facts["tokens_per_second"]["median"] for facts in (ours, peer))
                    lines.append(f"| {row['id']} | {most:,.0f} | {100 * mine / most:.0f} % | {most / theirs:.2f} |")
        return [*lines, ""]

    @staticmethod
    def _products(gflops):
        names = list(next(iter(gflops.values())))
        lines = ["Matrix products, rows × inputs × outputs, GFLOP/s:", "", "| shape | " + " | ".join(names) + " |"]
        lines.append("|---" * (len(names) + 1) + "|")
        for shape, rates in gflops.items():
            lines.append(f"| {shape.replace('x', ' × ')} | " + " | ".join(f"{rates[name]:,.0f}" for name in names) + " |")
        return [*lines, ""]


def spread(facts):
    rates = facts["tokens_per_second"]
    return f"{rates['median']:,.0f} [{rates['lowest']:,.0f}–{rates['highest']:,.0f}]"


def targets(row):
    """The table of the issue knows two kinds of machine; a processor between them is held against both."""
    sign = "≤" if row["flat"] else "≥"
    told = []
    for kind, target in row["targets"].items():
        reached = row["ratio"] <= target if row["flat"] else row["ratio"] >= target
        told.append(f"{sign} {target:g} ({kind}) {mark(reached)}")
    return " · ".join(told)


def mark(reached):
    return "✓" if reached else "✗"
