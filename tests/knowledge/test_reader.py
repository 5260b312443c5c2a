"""An editor's mistake gives a file, a line and a sentence; never a traceback."""

from __future__ import annotations

import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.front import SourceFront
from knowledge.reader import Mistake, Unreadable, fit, read_page, read_yaml
from tests.knowledge.shelf_builder import Content

HEAD = b"---\nid: founding.steps\nquestion: Wie?\n"
BITS = [
    "---\n", "id: a.b\n", "facts:\n", "  - {id: x, kind: date, value: ", "keywords: {", "}", "&a ", "*a\n", "!!int ",
    "<!-- steps -->\n", "\x00", "\ufeff", "\r\n", "? [a]\n", ": ", "- ", "'", '"', "|\n", "2026-13-45\n", "=",
    "<<: *a", "version: 99999999999999999999\n", "review_by: 31.5.2027\n", "٣",
]  # fmt: skip


def mistake(content: Content, data: bytes) -> tuple[int, str]:
    content.write("content/founding/steps.de.md", data)
    with pytest.raises(Unreadable) as caught:
        fit(SourceFront, read_page(content.folder / "founding" / "steps.de.md").front)
    return caught.value.mistakes[0].line, caught.value.mistakes[0].what


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"", 1, "must begin with a line `---`"),
        (b"---\nid: a\n", 1, "ends the front matter is missing"),
        (HEAD + b"---\n\n", 4, "the text is empty"),
        (HEAD + b"label: [\n---\ntext\n", 4, "YAML cannot be read"),
        (HEAD + b"id: twice\n---\ntext\n", 4, "id stands twice"),
        (HEAD + b"keywords: {a: x, a: y}\n---\ntext\n", 4, "a stands twice"),
        (HEAD + b"? [a, b]\n: c\n---\ntext\n", 4, "a name must be a plain text"),
        (HEAD + b"---\ntext\n\xff\n", 6, "is not saved as UTF-8"),
        (HEAD + b"---\ntext\n<!-- steps -->\n", 6, "nothing follows"),
        (HEAD + b"---\nt\n<!-- steps -->\na\n<!-- steps -->\nb\n", 8, "stands twice"),
        (b"---\n- a\n---\ntext\n", 2, "must be a list of `name: value` lines"),
        (b"---\na: &a [*a]\n---\ntext\n", 2, "nested too deeply"),
        (HEAD + b"a: " + b"[" * 3000 + b"\n---\ntext\n", 2, "nested too deeply"),
    ],
)
def test_mistake_is_named_with_its_line(content: Content, data: bytes, line: int, what: str) -> None:
    found_line, found_what = mistake(content, data)
    assert what in found_what
    assert found_line == line


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("version: viele", "version: input should be a valid integer"),
        ("version: 0", "version: input should be greater than or equal to 1"),
        ("sensitive: vielleicht", "sensitive: input should be a valid boolean"),
        ("review_by: 31.5.2027", "review_by: input should be a valid date"),
        ("as_of: November 2026", "as_of must be YYYY"),
        ("contacts: office", "contacts: input should be a valid"),
        ("owner: ''", "owner is empty"),
        ("colour: red", "colour is not a known field"),
        ("facts: [{id: a, kind: guess, value: '7', as_of: 2026, source: b}]", "facts.0.kind: input should be"),
        ("facts: [{id: a, kind: number, value: seven, as_of: 2026, source: b}]", "needs digits"),
        ("facts: [{id: a, kind: date, value: next 5 May, as_of: 2026, source: b}]", "a date must be YYYY"),
    ],
)
def test_wrong_type_is_named_at_the_line_of_its_field(content: Content, field: str, what: str) -> None:
    path = content.source()
    name = field.partition(":")[0]
    lines = [line for line in path.read_text().split("\n") if not line.startswith(f"{name}:") and line != "- office"]
    path.write_text("\n".join([lines[0], field, *lines[1:]]))
    with pytest.raises(Unreadable) as caught:
        fit(SourceFront, read_page(path).front)
    assert any(one.line == 2 and what in one.what for one in caught.value.mistakes), caught.value


def test_values_stay_texts_so_that_no_phone_or_norwegian_is_guessed() -> None:
    assert read_yaml("a: 0800\nNo: no\nb: null\nc: 'null'\n").data == {"a": "0800", "No": "no", "b": None, "c": "null"}


def test_windows_line_ends_and_byte_order_mark_are_forgiven(content: Content) -> None:
    path = content.source(text="Eins\n\n<!-- steps -->\nZwei")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    page = read_page(path)
    assert (page.text, page.steps) == ("Eins", "Zwei")


def test_lines_of_text_and_steps_count_from_the_top_of_the_file(content: Content) -> None:
    path = content.write("content/founding/steps.de.md", "---\na: b\n---\n\nEins\n<!-- steps -->\n\nZwei\n")
    page = read_page(path)
    assert (page.text_line, page.steps_line) == (5, 8)


def mistakes_of(path: Path) -> tuple[Mistake, ...]:
    try:
        fit(SourceFront, read_page(path).front)
    except Unreadable as error:
        return error.mistakes
    return ()


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from([*BITS, *string.printable]), max_size=40)))
@example(["---\n", "&a ", "- ", "*a\n", "---\n"])
def test_any_file_is_read_or_refused_with_a_line(junk: bytes | list[str]) -> None:
    data = junk if isinstance(junk, bytes) else "".join(["---\n", *junk, "\n---\ntext\n"]).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "steps.de.md"
        path.write_bytes(data)
        mistakes = mistakes_of(path)
    assert all(one.line >= 1 and one.what for one in mistakes)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*BITS, "founding: [steps]\n", "office:\n", "  name: x\n"]), max_size=15))
def test_any_folder_loads(bits: list[str]) -> None:
    junk = "".join(bits)
    with TemporaryDirectory() as folder:
        content = Content(Path(folder))
        content.source()
        content.write("content/founding/steps.en.md", f"---\n{junk}\n---\ntext\n")
        content.write("contacts.yml", junk.encode())
        assert content.load("de", "en").has("founding.steps")
