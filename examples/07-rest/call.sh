#!/bin/sh
# Calls functions with curl and nothing else.
set -eu
api="${EASYREMOTE_GATEWAY:-http://127.0.0.1:8080}/api"
set -- --silent --show-error
if [ -n "${EASYREMOTE_KEY:-}" ]; then
	set -- "$@" --header "authorization: Bearer $EASYREMOTE_KEY"
fi
json="content-type: application/json"

echo "arguments in order, and options by name:"
curl "$@" "$api/worker.greet" --header "$json" --data '{"args": ["Ada"], "kwargs": {"greeting": "Bonjour"}}'
echo

echo "bytes in, bytes out:"
printf abc | curl "$@" "$api/worker.reverse" --data-binary @- \
	--header "content-type: application/octet-stream" --header "accept: application/octet-stream"
echo

echo "a generator, as server-sent events:"
curl "$@" --no-buffer "$api/worker.countdown" --header "$json" --data '{"args": [3]}'

echo "a failure, as a problem (RFC 9457):"
curl "$@" "$api/worker.divide" --header "$json" --data '{"args": [1, 0]}'
echo
