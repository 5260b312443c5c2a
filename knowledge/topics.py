"""Adds a name to the text of `topics.yml` as a careful editor would: comments, order and line length stay."""

from __future__ import annotations

import yaml

WIDTH = 120
"""Letters in a line."""


def add_name(text: str, id: str) -> str:
    """The text with the entry's name at the end of its topic; a new topic comes before the fixed texts."""
    topic, _, name = id.partition(".")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == topic and isinstance(value, yaml.SequenceNode):
            return _in_brackets(text, value, name) if value.flow_style else _in_lines(text, value, name)
    return _new_topic(text, topic, name)


def _in_brackets(text: str, names: yaml.SequenceNode, name: str) -> str:
    """`[one, two]`, perhaps over several lines, which go on under the first name."""
    end = names.end_mark.index - 1
    head, rest = text[:end].rstrip(), text[end:]
    if not names.value:
        return f"{head}{name}{rest}"
    line = f"{head.rpartition(chr(10))[2]}, {name}{rest.partition(chr(10))[0]}"
    if len(line) <= WIDTH:
        return f"{head}, {name}{rest}"
    return f"{head},\n{' ' * names.value[0].start_mark.column}{name}{rest}"


def _in_lines(text: str, names: yaml.SequenceNode, name: str) -> str:
    """One name a line, each after a dash."""
    last = names.value[-1]
    lines = text.split("\n")
    dash = lines[last.start_mark.line].index("-")
    lines.insert(last.end_mark.line + 1, f"{' ' * dash}- {name}")
    return "\n".join(lines)


def _new_topic(text: str, topic: str, name: str) -> str:
    line = f"{topic}: [{name}]\n"
    head, found, rest = text.partition("\nsmalltalk:")
    return f"{head}\n{line}{found[1:]}{rest}" if found else f"{text.rstrip()}\n{line}"
