"""The evaluation: what was asked and what became of it, for the office's report. For editors and admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from bot.desk.insight.columns import HEIGHT, chart
from bot.desk.insight.files import every_table, groups_file, table_file
from bot.desk.insight.tiles import tiles
from bot.desk.insight.words import Words
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.insight.clusters import unanswered
from bot.insight.evaluation import WEEKS, Evaluation, evaluate
from bot.insight.periods import KINDS, Kind, Period, around, known, own
from bot.insight.unanswered import Cluster
from bot.storage.visits import ALL

CLUSTERS, ALL_TABLES = "clusters", "all"
CSV, PDF = "text/csv; charset=utf-8", "application/pdf"


@dataclass(frozen=True)
class Choice:
    """What is looked at, as the address says it; what it says wrongly counts as not said."""

    period: Period
    topic: str
    language: str

    @staticmethod
    def of(visit: Visit) -> Choice:
        """Without a word the quarter that runs."""
        said = visit.request.query_params
        day, until = (_day(said.get(name, "")) for name in ("from", "to"))
        kind: Kind = next((kind for kind in KINDS if kind == said.get("period")), "quarter")
        first = day or visit.today
        period = own(first, until or visit.today) if kind == "own" else around(kind, first)
        library, languages = visit.desk.parts.library, visit.desk.parts.locales.languages
        topic, language = said.get("topic", ""), said.get("language", "")
        return Choice(period, topic if topic in library.topics else ALL, language if language in languages else ALL)

    def query(self, period: Period | None = None) -> str:
        """The address of the same choice, or of it in another period."""
        period = period or self.period
        said = {"period": period.kind, "from": period.first.isoformat()}
        said |= {"to": period.last.isoformat()} if period.kind == "own" else {}
        chosen = {"topic": self.topic, "language": self.language}
        return urlencode(said | {name: value for name, value in chosen.items() if value != ALL})

    @property
    def name(self) -> str:
        """For the name of a file, and for the record."""
        return "-".join([self.period.name, *(value for value in (self.topic, self.language) if value != ALL)])


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if known(day) else None


def _words(visit: Visit) -> Words:
    return Words(visit.desk.locales, visit.desk.parts, visit.language)


async def _evaluation(visit: Visit, choice: Choice) -> Evaluation:
    zone = visit.desk.locales.zone
    async with visit.desk.database.read() as session:
        return await evaluate(session, choice.period, zone, visit.today, topic=choice.topic, language=choice.language)


async def show(visit: Visit) -> Response:
    """The page."""
    choice, words = Choice.of(visit), _words(visit)
    found = await _evaluation(visit, choice)
    weeks = found.table(WEEKS)
    return visit.page(
        "insight.html", found=found, words=words, choice=choice, tiles=tiles(found, words), weeks=weeks,
        chart=chart(weeks) if weeks else None, height=HEIGHT,
        periods=[(kind, words.say(f"period_{kind}")) for kind in KINDS],
        topics=[("", words.say("every_topic")), *((one, words.topic(one)) for one in visit.desk.parts.library.topics)],
        languages=[("", words.say("every_language")),
                   *((one, words.row("languages", one)) for one in visit.desk.parts.locales.languages)],
        quarter=choice.period if choice.period.kind == "quarter" else around("quarter", choice.period.last),
    )  # fmt: skip


async def _groups(visit: Visit, choice: Choice) -> list[Cluster]:
    async with visit.desk.database.read() as session:
        return await unanswered(session, choice.period, visit.desk.parts.office_language)


async def groups(visit: Visit) -> Response:
    """The unanswered questions, which the page fetches when it stands."""
    return visit.page("insight/_groups.html", clusters=await _groups(visit, Choice.of(visit)), words=_words(visit))


async def table(visit: Visit) -> Response:
    """One table of the page as a file, or all of them."""
    choice, name = Choice.of(visit), visit.request.path_params["table"]
    words, chosen = _words(visit), choice.name
    if name == CLUSTERS:
        # Groups of one language beside those of all would tell how few asked in another: they are never chosen from.
        text, chosen = groups_file(await _groups(visit, choice), words), choice.period.name
    else:
        found = await _evaluation(visit, choice)
        one = found.table(name)
        if one is None and name != ALL_TABLES:
            raise NotFound
        text = table_file(one, words) if one else every_table(found, words)
    return await _download(visit, text.encode(), CSV, f"wegweiser-{name}-{chosen}.csv")


async def pdf(visit: Visit) -> Response:
    """The one page about a quarter, in German."""
    period = around("quarter", Choice.of(visit).period.last)
    async with visit.desk.database.read() as session:
        # What draws takes 35 MB; most processes never draw.
        from bot.desk.insight.paper import one_page

        page = await one_page(session, visit.desk.locales, visit.desk.parts, period, visit.today)
    return await _download(visit, page, PDF, f"wegweiser-{period.name}.pdf")


async def _download(visit: Visit, data: bytes, kind: str, name: str) -> Response:
    """Send a file, and write down who took it."""
    async with visit.desk.database.write() as session:
        visit.note(session, "insight_export", detail=name)
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


PAGES = (
    Page("/insight", "insight", Role.EDITOR, show, title="insight.title", menu=55),
    Page("/insight/files/{table}", "insight_file", Role.EDITOR, table, title="insight.title"),
    Page("/insight/groups", "insight_groups", Role.EDITOR, groups, title="insight.title", quiet=True),
    Page("/insight/pdf", "insight_pdf", Role.EDITOR, pdf, title="insight.title"),
)
