#!/bin/sh
# Load-tests a pipeline end to end. Without arguments: a pipeline on this machine. With arguments: yours, such as
#   ./run.sh --stream transactions --verdict-stream verdicts --region eu-west-1
set -eu
cd "$(dirname "$0")"
npx fraudstream run "${@:---local}"
