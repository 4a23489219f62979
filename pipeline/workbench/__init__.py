"""The workbench: a local web app in which one watches a run, says who is who, and reads the answers again.

- `serve`: from a list of run directories to a server on this machine; `app`: routes, put together
- `guard`: who may look: token, host, origin, content security policy
- `bench`: the runs that are open; `served_run`: one of them, read anew when its tables change
- `reading`: tables by windows of frames, packed for the browser; `film`: footage that browsers play
- `telling`: people, strip of the match, doubts, results, as plain values
- `editing`: corrections: appended, undone, applied in a process of their own, what changed
- `starting`: the start page: folders, runs in them, a queue of what is made
- `squad`: roster and halves; `clicking`: the camera by hand; the comparing board is `pipeline.report.board`
- `routes`: one module a group of addresses; ``assets``: the page, ES modules without a build step

**To add a room** (another view on a run): a module in `routes` with ``routes(bench) -> list[Route]``, named
in `app.ROUTES`; and a module in ``assets/js/rooms`` with ``export default {name, mount(element, bench)}``,
named in ``assets/js/rooms.js``. ``bench`` in the browser gives a room the clock (``bench.clock``), who is
selected (``bench.state``), the data of the run (``bench.data``) and requests (``bench.api``). What it is
called is in ``assets/texts/en.yaml``.
"""
