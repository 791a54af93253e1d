"""Fenced blocks of a Markdown page, for Scripts/check-tutorial and Scripts/check-faq."""
import sys


def blocks(page):
    """Yields of every block: line of its opening fence, words behind that fence, text."""
    body = None
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        if body is None and line.startswith("```"):
            start, words, body = number, line[3:].split(), []
        elif line == "```":
            yield start, words, "\n".join(body) + "\n"
            body = None
        elif body is not None:
            body.append(line)
    if body is not None:
        sys.exit(f"{page.name}:{start}: this block has no end")
