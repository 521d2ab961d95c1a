#!/bin/sh
# Finds the capacity of an endpoint. Without arguments: one on this machine that throttles above 200 requests/s.
# With arguments: yours, such as  ./run.sh --endpoint-name fraud --region eu-west-1
set -eu
cd "$(dirname "$0")"
if [ $# -eq 0 ]; then set -- --local --endpoint-fault limit=200/s; fi
npx fraudstream search "$@"
