"""A task worker (`serve`), or one who gives it work and waits for the result."""

import sys

from prefect import task
from prefect.task_worker import serve


@task
def triple(number: int) -> int:
    return 3 * number


if sys.argv[1] == "serve":
    serve(triple)
else:
    future = triple.delay(14)
    future.wait(timeout=60)
    print(f"state {future.state.type.value}")
