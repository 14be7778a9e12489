"""What FastAPI reads of a request: declared parameters of the query and of a JSON body, and what the request has of a form."""

import json
import sys

import uvicorn
from fastapi import Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


class Inner(BaseModel):
    secrets: bool | None = None


class Options(BaseModel):
    secrets: bool | None = None
    nested: Inner | None = None


@app.exception_handler(RequestValidationError)
async def nothing(request: Request, error: RequestValidationError):
    return JSONResponse([])


@app.get("/read")
async def of_query(secrets: list[bool] = Query([])):
    return secrets


@app.post("/read")
async def of_body(options: Options | list[Options] = Body(None), secrets: list[bool] = Query([])):
    found = list(secrets)
    for it in options if isinstance(options, list) else [options or Options()]:
        found += [it.secrets, it.nested.secrets if it.nested else None]
    return [it for it in found if it is not None]


@app.post("/form")
async def of_form(request: Request):
    form = await request.form()
    return [value if isinstance(value, str) else True for value in form.getlist("secrets")]


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="info")
