"""`flow.serve`, until it is told to stop."""

from flows import local

local.serve(name="served")
