#!/usr/bin/env python3
"""Writes Sources/CatalogueFiles/embed.c: every file of the catalogue, compiled into the program.

usage: Scripts/catalogue/embed.py          after a file was added or removed

Standard library only.
"""
import re
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "Sources" / "CatalogueFiles"
FOLDERS = ["entries", "library", "published", "validation"]

HEAD = """#include "CatalogueFiles.h"

// Written by Scripts/catalogue/embed.py: one array per file; the table below lists them. A test compares it with the folders.
"""
TAIL = """
const catalogue_file_t *catalogue_file(int index) {
  const int count = (int)(sizeof table / sizeof *table);
  return index >= 0 && index < count ? &table[index] : NULL;
}
"""


def identifier(path):
    return re.sub(r"[^a-z0-9]", "_", path.lower())


def main():
    paths = sorted(
        str(file.relative_to(TARGET)) for folder in FOLDERS for file in (TARGET / folder).rglob("*") if file.is_file()
    )
    text = HEAD
    for path in paths:
        text += f'static const char {identifier(path)}[] = {{\n#embed "{path}" suffix(, 0)\n}};\n'
    text += "\n#define FILE_ENTRY(path, text) { path, text, sizeof text - 1 }\nstatic const catalogue_file_t table[] = {\n"
    for path in paths:
        text += f'  FILE_ENTRY("{path}", {identifier(path)}),\n'
    (TARGET / "embed.c").write_text(text + "};\n" + TAIL)


main()
