"""The quarter on one page, in German: for the council's report."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.turn import Parts
from bot.desk.insight.tiles import tiles
from bot.desk.insight.words import Words
from bot.documents import sheet as paper
from bot.documents.sheet import Bar, Bars, Columns, Items, Sheet, print_sheet
from bot.insight.clusters import unanswered
from bot.insight.evaluation import ANSWERS, ENTRIES, LANGUAGES, TOPICS, WEEKS, Evaluation, evaluate
from bot.insight.periods import Period
from bot.insight.suppression import Figure
from bot.insight.unanswered import Cluster
from bot.locales import Locales

GERMAN = "de"
BARS = 9
ENTRIES_SHOWN = 8
NOTES = ("made_k", "made_people", "made_cases", "made_not")


async def one_page(session: AsyncSession, locales: Locales, parts: Parts, period: Period, today: date) -> bytes:
    """The PDF of a quarter. `locales`: the desk's own texts."""
    found = await evaluate(session, period, locales.zone, today)
    groups = await unanswered(session, period, GERMAN)
    return await asyncio.to_thread(print_sheet, make_sheet(found, groups, Words(locales, parts, GERMAN), today))


def make_sheet(found: Evaluation, groups: list[Cluster], words: Words, today: date) -> Sheet:
    """What stands on the page."""
    running = words.say("running") if found.period.last >= today else ""
    return Sheet(
        language=words.language, title=words.say("pdf_title", period=words.period(found.period)),
        under=f"{words.say('pdf_under', today=words.day(today))}. {running}".replace("..", ".").strip(),
        tiles=tuple(paper.Tile(tile.label, tile.value, tile.before)
                    for tile in tiles(found, words)),
        pairs=(
            (_bars(found, TOPICS, words), _bars(found, LANGUAGES, words)),
            (_bars(found, ANSWERS, words), _columns(found, words)),
            (_bars(found, "outcome", words), _bars(found, "worked", words)),
            (_entries(found, words), _groups(groups, words)),
        ),
        notes_title=words.say("made_title"), notes=tuple(words.say(key) for key in NOTES),
        footer=words.say("pdf_footer"),
    )  # fmt: skip


def _bars(found: Evaluation, key: str, words: Words) -> Bars:
    table = found.table(key)
    rows = [(words.row(key, row.key), row.figures[0]) for row in table.rows] if table else []
    return Bars(words.say(f"table_{key}"), _sized(rows, words)[:BARS], words.say("pdf_none"))


def _sized(rows: list[tuple[str, Figure | None]], words: Words) -> tuple[Bar, ...]:
    most = max((figure.value or 0 for _, figure in rows if figure), default=0)
    return tuple(
        Bar(label, words.figure(figure), None if figure is None or figure.value is None else figure.value / (most or 1))
        for label, figure in rows
    )


def _columns(found: Evaluation, words: Words) -> Columns:
    """Questions by week."""
    table = found.table(WEEKS)
    rows = [(words.short(row.key), row.figures[0]) for row in table.rows] if table else []
    most = max((figure.value or 0 for _, figure in rows if figure), default=0)
    shown = Figure(most) if most else None
    return Columns(
        words.say("pdf_weeks"), _sized(rows, words) if any(figure != Figure(0) for _, figure in rows) else (),
        words.say("pdf_most", number=words.figure(shown)) if shown else "", words.say("pdf_few"), words.say("pdf_none"),
    )  # fmt: skip


def _entries(found: Evaluation, words: Words) -> Items:
    table = found.table(ENTRIES)
    rows = table.rows[:ENTRIES_SHOWN] if table else ()
    items = tuple((f"{words.figure(row.figures[0])} × {words.row(ENTRIES, row.key)}", "") for row in rows)
    return Items(words.say("table_entries"), items, words.say("pdf_none"))


def _groups(groups: list[Cluster], words: Words) -> Items:
    """Unanswered questions that enough people asked."""
    items = tuple(
        (f"„{group.example}“", " · ".join(_below(group, words)))
        for group in groups
        if group.example is not None
    )
    return Items(words.say("table_clusters"), items, words.say("cluster_none"))


def _below(group: Cluster, words: Words) -> list[str]:
    """How many asked, and what is nearest."""
    near = [f"{words.say('column_nearest')}: {words.entry(group.nearest)}"] if group.nearest else []
    return [words.say("cluster_count", questions=group.questions, people=group.people), *near]
