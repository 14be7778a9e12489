"""What the tests find on the server, made by a developer: variable, secret, limit, pool, two deployments."""

from pathlib import Path

from prefect import flow
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, WorkPoolCreate
from prefect.variables import Variable

here = str(Path(__file__).parent)

Variable.set("v1", "one", overwrite=True)
Secret(value="hush-hush").save("s1", overwrite=True)
with get_client(sync_client=True) as client:
    client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name="gl1", limit=5))
    # Nobody takes from the second: runs that are only started, and cancelled or deleted.
    for pool in ["p1", "idle"]:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"))


def deploy(entrypoint: str, name: str, pool: str) -> None:
    flow.from_source(here, f"flows.py:{entrypoint}").deploy(
        name, work_pool_name=pool, print_next_steps=False, ignore_warnings=True
    )


deploy("hello", "d", "p1")
deploy("child", "d", "idle")
deploy("local", "idle", "idle")
print("prepared")
