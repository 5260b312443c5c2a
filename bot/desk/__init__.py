"""The office's web desk: the pages on which staff answer cases and look after calendar and colleagues.

How to add a page
-----------------
1.  A module `bot/desk/pages/<group>.py` (found by itself) with its handlers and one table::

        async def queue(visit: Visit) -> Response:
            return visit.page("queue.html", cases=...)

        async def claim(visit: Visit) -> Response:
            fields = await visit.fields()               # only in POST: cleaned strings, `fields.text("reason", 200)`
            async with visit.desk.database.write() as session:
                ...
                visit.note(session, "claim", case_id=visit.number("case_id"))   # the Audit row
            await visit.desk.database.settle()
            return visit.go("case", case_id=7, done="case.done_taken")          # 303, with a notice above the page

        PAGES = (
            Page("/queue", "queue", Role.AGENT, queue, title="queue.title", menu=10),
            Page("/cases/{case_id:int}/claim", "claim", Role.AGENT, claim, post=True, title="case.title"),
        )

    `menu` puts the page in the navigation (lowest first; the first one allowed is the start page `/`), with `title` as
    its label and as the browser's title. `quiet=True` for what the browser fetches by itself: it does not keep a
    session alive. `max_body` (bytes) for uploads.
2.  A template that begins `{% extends "base.html" %}` and fills `{% block main %}` with one `<h1>`. At hand in every
    template: `say(key, **params)`, `path(route_name, **params)`, `visit`, `csrf()` (to be written inside every form
    with method="post"; htmx sends the header by itself), `once(id)` (a field by which a form that is sent again is
    known), `page`, `here`. fields: `{% from "parts.html" import ... %}`.
    A fragment for htmx is a template without `extends`, sent by `visit.page(...)` as well.
    For live news put `hx-trigger="sse:change"` (any case), `sse:case-<id>` or `sse:again` (look at everything) on an
    element inside `<div data-events="{{ path('events') }}">`, and load `static/news.js`; all changes arrive as these
    three names.
3.  Texts in `texts/de.po` and `texts/en.po`, keys `<group>.<name>`. Notices after a change: `<group>.done_<name>`
    without blanks. What an Audit row's action is called: `audit.<action>` or `case.audit_<action>`.

What every page has without asking: the role is checked before the handler runs, a POST needs the session's CSRF token
and comes from this site, numbers in the path fit the database (else 404), headers are set, errors become calm pages
(raise `NotFound` or `Forbidden` from `bot.desk.visit`). `tests/bot/desk/test_every_page.py` walks all of them.
"""
