#!/bin/sh
# Load-tests a scoring endpoint. Without arguments: one on this machine. With arguments: yours, such as
#   ./run.sh --endpoint-name fraud --region eu-west-1
set -eu
cd "$(dirname "$0")"
npx fraudstream score "${@:---local}"
