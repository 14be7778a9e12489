"""What Flask reads of a request: the parameter in the query, in a form, and in a JSON body of whatever type."""

import sys

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

app = Flask("upstream")


def of_json(value):
    if isinstance(value, list):
        return [found for it in value for found in of_json(it)]
    if not isinstance(value, dict):
        return []
    nested = value.get("nested")
    return [it["secrets"] for it in (value, nested) if isinstance(it, dict) and "secrets" in it]


@app.route("/read", methods=["GET", "POST"])
def read():
    found = request.args.getlist("secrets") + request.form.getlist("secrets")
    found += [True for _ in request.files.getlist("secrets")]
    return jsonify(found + of_json(request.get_json(force=True, silent=True)))


server = make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True)
print("ready", flush=True)
server.serve_forever()
