#!/bin/sh
# Checks recorded transactions, and replays them into an embedded Kinesis: a CI job without an AWS account.
# With arguments it replays to your stream:  ./run.sh --stream transactions --region eu-west-1
set -eu
cd "$(dirname "$0")"
npx fraudstream validate theirs.csv --map mapping.yaml
npx fraudstream replay theirs.csv --map mapping.yaml --speed 10x --require 'loss == 0' \
  --report report.json --report report.xml "${@:---local}"
