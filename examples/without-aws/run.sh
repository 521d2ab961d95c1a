#!/bin/sh
# Develops without AWS: starts Kinesis and a scoring endpoint, and uses them from other programs.
set -eu
cd "$(dirname "$0")"

# `up` prints one line of JSON when it is ready, and serves until it is ended. It is started without npx,
# which does not pass the signal on.
ready=$(mktemp)
node ../../bin/fraudstream up --streams transactions:2 >"$ready" &
up=$!
trap 'kill $up; wait $up || true; rm -f "$ready"' EXIT
until [ -s "$ready" ]; do kill -0 $up; sleep 0.2; done

field() { node -p "JSON.parse(fs.readFileSync('$ready', 'utf8')).$1"; }
export AWS_ENDPOINT_URL_KINESIS="$(field kinesis)"
export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME="$(field endpoint)"
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

npx fraudstream produce --stream transactions --count 200 --rate max --seed 7
npx fraudstream consume --stream transactions --from trim-horizon --count 3
npx fraudstream score --endpoint-name fraud --count 200 --seed 7 --output human
# Any AWS tool works as well.
if command -v aws >/dev/null; then aws kinesis list-shards --stream-name transactions; fi
