"""Flows for the tests: what a flow commonly asks of the server."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.blocks.system import Secret
from prefect.concurrency.sync import concurrency
from prefect.deployments import run_deployment
from prefect.variables import Variable


@task
def double(number: int) -> int:
    return 2 * number


@flow
def child() -> int:
    return double(10)


@flow(log_prints=True)
def hello(count: int = 3) -> int:
    """Variable, secret, slot of a limit, artifact, subflow, and a run of another deployment."""
    with concurrency("gl1", occupy=1):
        numbers = double.map(range(count)).result()
    print(f"variable {Variable.get('v1')}, secret of {len(Secret.load('s1').get())} characters")
    create_markdown_artifact("# done", key="report")
    run_deployment("child/d", timeout=0, as_subflow=False)
    return sum(numbers) + child()


@flow
def local() -> int:
    return double(1) + double(2)
