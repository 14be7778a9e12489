"""Runs a flow here, with no deployment."""

from flows import local

print(f"result {local()}")
