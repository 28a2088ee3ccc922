"""Calls functions with Python's standard library and nothing else."""

import json
import os
from urllib.error import HTTPError
from urllib.request import Request, urlopen

API = os.environ.get("EASYREMOTE_GATEWAY", "http://127.0.0.1:8080") + "/api"
KEY = os.environ.get("EASYREMOTE_KEY")


def post(function, body, **headers):
    """Sends a call. Raises HTTPError, whose body is a problem (RFC 9457)."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if KEY:
        headers["authorization"] = f"Bearer {KEY}"
    return urlopen(Request(f"{API}/{function}", data=body, headers=headers), timeout=60)


def call(function, *args, **kwargs):
    """The result of a function."""
    body = json.dumps({"args": args, "kwargs": kwargs}).encode()
    with post(function, body, content_type="application/json") as answer:
        return json.load(answer)["result"]


def stream(function, *args):
    """The items of a generator, as they come; one that fails ends with a line {"error": …}."""
    body = json.dumps({"args": args}).encode()
    with post(function, body, content_type="application/json", accept="application/x-ndjson") as lines:
        for line in lines:
            yield json.loads(line)


def call_bytes(function, data):
    """Bytes in, bytes out."""
    octets = "application/octet-stream"
    with post(function, data, content_type=octets, accept=octets) as answer:
        return answer.read()


print(call("worker.greet", "Ada", greeting="Bonjour"))
print(call_bytes("worker.reverse", b"abc"))
print(list(stream("worker.countdown", 3)))
try:
    call("worker.divide", 1, 0)
except HTTPError as error:
    problem = json.load(error)
    print(f"{error.code} {problem['code']}: {problem['remoteName']}: {problem['detail']}")
