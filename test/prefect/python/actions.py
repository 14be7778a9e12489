"""
Does with Prefect's SDK, as whoever the environment says, one thing after the other, and prints one JSON line for each:
what it was, and `ok` or what went wrong.
"""

import asyncio
import json
import sys
from uuid import uuid4

from prefect.automations import Automation
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.deployments import run_deployment
from prefect.events import DeploymentEventTrigger, Event
from prefect.events.actions import DoNothing
from prefect.events.clients import get_events_client, get_events_subscriber
from prefect.states import Cancelling
from prefect.variables import Variable

mine = sys.argv[1]
given_run, given_deployment = sys.argv[2], sys.argv[3]


def lists(client):
    client.read_flows()
    client.read_flow_runs()
    client.read_deployments()
    client.read_work_pools()


def masked(client):
    block = client.read_block_document_by_name("s1", "secret", include_secrets=False)
    assert block.data["value"] == "********", block.data


def secret(client):
    assert Secret.load("s1").get() == "hush-hush"


def events_out(client):
    async def listen():
        async with get_events_subscriber():
            pass

    asyncio.run(asyncio.wait_for(listen(), 20))


def emit(client):
    async def send():
        async with get_events_client() as events:
            await events.emit(Event(event="test.event", resource={"prefect.resource.id": f"test.{mine}"}))

    asyncio.run(asyncio.wait_for(send(), 20))


def start_run(client):
    run_deployment("local/idle", timeout=0, as_subflow=False)


def cancel(client):
    client.set_flow_run_state(given_run, Cancelling(), force=False)


def delete_run(client):
    run = run_deployment("local/idle", timeout=0, as_subflow=False)
    client.delete_flow_run(run.id)


def set_variable(client):
    Variable.set(f"v_{mine}", "x", overwrite=True)


def unset_variable(client):
    assert Variable.unset(f"v_{mine}")


def get_variable(client):
    assert Variable.get("v1") == "one"


def create_pool(client):
    client.create_work_pool(WorkPoolCreate(name=f"pool-{mine}", type="process"))


def pause_pool(client):
    client.update_work_pool("idle", WorkPoolUpdate(is_paused=False))


def delete_pool(client):
    client.delete_work_pool(f"pool-{mine}")


def schedule(client):
    client.create_deployment_schedules(given_deployment, [(IntervalSchedule(interval=86400), False)])


def pause_deployment(client):
    client.pause_deployment(given_deployment)
    client.resume_deployment(given_deployment)


def automate(client):
    trigger = DeploymentEventTrigger(name="t", expect={"never.happens"})
    automation = Automation(name=f"a-{mine}", trigger=trigger, actions=[DoNothing()])
    automation.create().delete()


def limit(client):
    name = f"gl-{mine}"
    client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=1))
    client.update_global_concurrency_limit(name, GlobalConcurrencyLimitUpdate(limit=2))
    client.delete_global_concurrency_limit_by_name(name)


def settings(client):
    client.request("GET", "/admin/settings").raise_for_status()


def storage(client):
    client.request("DELETE", "/admin/storage").raise_for_status()


# In this order: what one makes, a later one removes.
actions = [
    lists,
    masked,
    secret,
    events_out,
    emit,
    start_run,
    cancel,
    delete_run,
    get_variable,
    set_variable,
    unset_variable,
    create_pool,
    pause_pool,
    delete_pool,
    schedule,
    pause_deployment,
    automate,
    limit,
    settings,
    storage,
]

for action in actions:
    result = "ok"
    try:
        with get_client(sync_client=True) as client:
            action(client)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(json.dumps({"action": action.__name__, "result": result}), flush=True)
