"""`python -m bot.simulator`: start the simulator on this machine."""

import argparse
import asyncio

import uvloop

from bot.simulator.app import create_app
from bot.simulator.server import listen, make_server, url_of


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8081, help="port to listen on; 0 takes any free one")
    parser.add_argument("--token", help="the only bot token to accept (default: any)")
    parser.add_argument("--open-page-hint", action="store_true", help="say how to open the page")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    listening = listen(arguments.host, arguments.port)
    url = f"{url_of(listening)}/"
    print(f"simulator: {url}", flush=True)
    if arguments.open_page_hint:
        print(f"open {url} in a browser: left a newcomer's phone, right the office's group", flush=True)
    await make_server(create_app(arguments.token)).serve(sockets=[listening])


def main() -> None:
    """Run until Ctrl-C."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(_arguments()))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
