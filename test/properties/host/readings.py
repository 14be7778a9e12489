"""What Python makes of the Hosts that come in by lines: a line of JSON for each, with a name for each of its readers."""

import json
import sys
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request


async def nothing(*_):
    pass


def trusted(scope, hosts):
    """Whether TrustedHostMiddleware lets it through, and then as which."""
    reached = []

    async def app(*_):
        reached.append(True)

    def passes(names):
        reached.clear()
        try:
            TrustedHostMiddleware(app, names, www_redirect=False)(scope, nothing, nothing).send(None)
        except StopIteration:
            pass
        return bool(reached)

    return next((name for name in hosts if passes([name])), "") if passes(hosts) else ""


def attempt(read):
    try:
        return read() or ""
    except ValueError:
        return ""


def readings(host, hosts):
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b""}
    scope["headers"] = [(b"host", host.encode("latin-1"))]
    return {
        "Starlette's TrustedHostMiddleware": attempt(lambda: trusted(scope, hosts)),
        "Starlette's URL": attempt(lambda: URL(scope=scope).hostname),
        "Starlette's base_url": attempt(lambda: Request(scope).base_url.hostname),
        # As Starlette before 1.1 and many others do it.
        "split at the colon": host.split(":")[0],
        "urlsplit": attempt(lambda: urlsplit(f"http://{host}/").hostname),
    }


# ASGI servers hand on what they get as bytes, of which frameworks make Latin-1.
sys.stdin.reconfigure(encoding="latin-1", newline="\n")
for line in sys.stdin:
    print(json.dumps(readings(line.removesuffix("\n"), sys.argv[1:])))
