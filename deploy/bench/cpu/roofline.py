"""Draws, without any library, how close each phase comes to what the machine's matrix products reach, and loss curves."""
import html

from learning import smooth

INK, PALE, LINE = "#1f2933", "#d9e2ec", "#9fb3c8"
STYLES = (("#c65102", 4, ""), ("#2f7ebc", 1.5, "5 3"), ("#2e8b57", 1, "2 3"))
COLOURS = {"forward": "#2f7ebc", "loss": "#c65102", "backward": "#2e8b57"}


def text(x, y, words, anchor="start", size=12, weight="normal"):
    style = f'font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="{INK}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{html.escape(words)}</text>'


def rectangle(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def page(width, height, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    return "\n".join([head, rectangle(0, 0, width, height, "white"), *parts, "</svg>"]) + "\n"


def roofline(title, bars):
    """
    bars: (session, phase, achieved GFLOP/s, ceiling GFLOP/s), in order; the pale bar is the ceiling.
    """
    left, right, top, step = 250, 190, 64, 24
    scale = 520 / max(ceiling for *_, ceiling in bars)
    parts = [text(16, 26, title, size=15, weight="bold")]
    legend = "GFLOP/s achieved (colour) against the best measured matrix product of the phase's shapes (pale)"
    parts.append(text(16, 46, legend))
    y, before = top, None
    for session, phase, achieved, ceiling in bars:
        if session != before:
            y += 8
            parts.append(text(16, y + 14, session, weight="bold"))
        before = session
        parts.append(text(left - 10, y + 14, phase, "end"))
        parts.append(rectangle(left, y, ceiling * scale, 18, PALE))
        parts.append(rectangle(left, y, achieved * scale, 18, COLOURS[phase]))
        end = left + max(achieved, ceiling) * scale + 8
        parts.append(text(end, y + 14, f"{achieved:,.0f} of {ceiling:,.0f} ({100 * achieved / ceiling:.0f} %)"))
        y += step
    return page(left + 520 + right, y + 20, parts)


def curves(tasks):
    """Smoothed loss over steps for each task, all arithmetics over each other."""
    width, height, parts = 460, 240, []
    for number, (name, task) in enumerate(tasks.items()):
        x0, y0 = 60 + number * (width + 70), 60
        lines = {label: smooth(curve["losses"]) for label, curve in task["curves"].items()}
        low = min(min(line) for line in lines.values())
        high = max(max(line) for line in lines.values())
        span = (high - low) or 1
        parts.append(text(x0, y0 - 30, name, size=13, weight="bold"))
        apart = f"smoothed curves at most {100 * task['largest_difference']:.2f} % apart"
        parts.append(text(x0, y0 - 12, apart))
        for label, at in ((f"{high:.2f}", 0), (f"{low:.2f}", height)):
            parts.append(text(x0 - 8, y0 + at + 4, label, "end"))
        parts.append(f'<path d="M{x0},{y0} V{y0 + height} H{x0 + width}" stroke="{LINE}" fill="none"/>')
        parts.append(text(x0 + width, y0 + height + 18, f"{task['steps']} steps", "end"))
        for (label, line), (colour, thickness, dash) in zip(lines.items(), STYLES):
            points = " ".join(
                f"{x0 + at * width / max(1, len(line) - 1):.1f},{y0 + (high - value) / span * height:.1f}"
                for at, value in enumerate(line)
            )
            look = f'stroke="{colour}" stroke-width="{thickness}" stroke-dasharray="{dash}" fill="none"'
            parts.append(f'<polyline points="{points}" {look}/>')
        for at, (label, (colour, *_)) in enumerate(zip(lines, STYLES)):
            parts.append(rectangle(x0 + width - 130, y0 + 6 + 18 * at, 14, 4, colour))
            parts.append(text(x0 + width - 110, y0 + 13 + 18 * at, label))
    return page(60 + len(tasks) * (width + 70), 340, parts)
