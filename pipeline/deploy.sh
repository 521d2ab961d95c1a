#!/usr/bin/env bash
# The pipeline on AWS: deploy, start, upgrade, destroy. Needs the AWS CLI and, for Lambda or cost, Node.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

usage() {
  cat <<'TEXT'
Usage: pipeline/deploy.sh COMMAND [options] [-- Parameter=value ...]

  deploy    uploads jar and model, makes or changes the stacks, starts the job
  start     starts the job (from its last snapshot, if it has one)
  stop      takes a snapshot and stops the job
  upgrade   takes a snapshot (savepoint), then deploys the new jar or model; the job goes on from it
  status    state of the stack and of the job, and what the stack tells
  destroy   stops the job and deletes the stack; with --all the bucket of artifacts as well
  cost      what a month costs at a rate: cost --rate 1000 (see cost --help)

Options:
  --stack NAME        name of the stack and the first part of all names (fraudstream)
  --foundation NAME   name of the stack with the bucket of artifacts (fraudstream-foundation)
  --scoring KIND      sagemaker or lambda (sagemaker); a stack keeps what it began with
  --bucket NAME       a bucket of your own for the artifacts, instead of that stack
  --jar FILE          jar of the Flink job (pipeline/flink/target/fraudstream-flink.jar)
  --model FILE        sagemaker: model.tar.gz; lambda: a booster (those that come with fraudstream)
  --templates FOLDER  other templates (pipeline/templates)
  --no-start          leave the job as it is
  --all               destroy: delete the bucket of artifacts too

Region, profile and endpoint are those of the AWS CLI: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.
Parameters are those of the template, such as Parallelism=8 InstanceType=ml.c7i.xlarge.
TEXT
}

say() { printf '%s\n' "$*" >&2; }
fail() { say "deploy.sh: $*"; exit 2; }

stack=fraudstream foundation=fraudstream-foundation scoring=sagemaker templates="$here/templates"
jar='' model='' bucket='' starts=yes all=no parameters=()
command="${1:-}"
[ $# -gt 0 ] && shift
if [ "$command" = cost ]; then exec node "$here/infra/scripts/cost.js" "$@"; fi
while [ $# -gt 0 ]; do
  case "$1" in
    --stack | --foundation | --scoring | --jar | --model | --templates | --bucket)
      [ $# -gt 1 ] || fail "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"; shift 2 ;;
    --no-start) starts=no; shift ;;
    --all) all=yes; shift ;;
    --help | -h) usage; exit 0 ;;
    --) shift; parameters=("$@"); break ;;
    *) fail "unknown option $1; see pipeline/deploy.sh --help" ;;
  esac
done
case "$scoring" in sagemaker | lambda) ;; *) fail "--scoring is sagemaker or lambda, not $scoring" ;; esac
# The endpoint is named after the stack: SageMaker takes 63 characters, and its ARNs are in lower case.
[[ "$stack" =~ ^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$ ]] ||
  fail "--stack is $stack: lower-case letters, digits and hyphens are needed, 40 at most."

output() { # output STACK NAME: what a stack tells; nothing when there is no such stack
  aws cloudformation describe-stacks --stack-name "$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue | [0]" --output text 2>/dev/null |
    sed 's/^None$//' || true
}

application() {
  local name
  name="$(output "$stack" Application)"
  [ -n "$name" ] || fail "no stack $stack in this region. Check --stack and AWS_REGION, or deploy it."
  printf '%s' "$name"
}

job_state() {
  aws kinesisanalyticsv2 describe-application --application-name "$1" \
    --query ApplicationDetail.ApplicationStatus --output text
}

wait_for_job() { # wait_for_job NAME STATE: until the job is in the state, or in one it will not leave
  local now='' tries=0
  while [ $tries -lt "${DEPLOY_TRIES:-180}" ]; do
    now="$(job_state "$1")"
    [ "$now" = "$2" ] && return 0
    case "$now" in STARTING | STOPPING | UPDATING | FORCE_STOPPING | ROLLING_BACK | AUTOSCALING) ;;
      *) fail "the job is $now, not $2. Its log says why: aws logs tail, or the console of Managed Flink." ;;
    esac
    tries=$((tries + 1)); sleep "${DEPLOY_WAIT:-5}"
  done
  fail "the job is still $now"
}

hash_of() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -c1-16; }

upload() { # upload FILE BUCKET FOLDER: under a name that tells the content; prints the key
  local key
  key="$3/$(hash_of "$1")/$(basename "$1")"
  say "uploading $1 to s3://$2/$key"
  aws s3 cp --only-show-errors "$1" "s3://$2/$key" >&2 || return
  printf '%s' "$key"
}

found_jar() {
  [ -n "$jar" ] || jar="$here/flink/target/fraudstream-flink.jar"
  [ -f "$jar" ] || fail "no jar of the job at $jar: build it (cd pipeline/flink && mvn package) or give --jar."
}

code_of_lambda() { # bundles the function with the model, into a folder of its own
  local made
  made="$(mktemp -d)/lambda.zip"
  [ -d "$here/infra/node_modules" ] || (cd "$here/infra" && npm ci --no-audit --no-fund >&2)
  node "$here/infra/scripts/lambda-zip.js" "${model:-$here/../assets/model.ubj}" "$made" >&2 || return
  printf '%s' "$made"
}

deploy_foundation() {
  say "stack $foundation"
  aws cloudformation deploy --stack-name "$foundation" --no-fail-on-empty-changeset \
    --template-file "$templates/fraudstream-foundation.template.json" \
    --capabilities CAPABILITY_IAM --tags project=fraudstream >&2
  bucket="$(output "$foundation" ArtifactsBucket)"
  [ -n "$bucket" ] || fail "stack $foundation tells no bucket of artifacts"
}

deploy() {
  local scored key given
  found_jar
  [ -n "$bucket" ] || deploy_foundation
  key="$(upload "$jar" "$bucket" job)"
  given=("ArtifactsBucket=$bucket" "JobJarKey=$key")
  if [ "$scoring" = lambda ]; then
    scored="$(code_of_lambda)"
    key="$(upload "$scored" "$bucket" lambda)"
    given+=("LambdaCodeKey=$key")
  else
    scored="${model:-$here/../model/artifact/model.tar.gz}"
    [ -f "$scored" ] || fail "no model at $scored: give --model, or make it (npm run model)."
    key="$(upload "$scored" "$bucket" model)"
    given+=("ModelKey=$key")
  fi
  say "stack $stack"
  aws cloudformation deploy --stack-name "$stack" --no-fail-on-empty-changeset \
    --template-file "$templates/fraudstream-$scoring.template.json" --s3-bucket "$bucket" \
    --capabilities CAPABILITY_IAM --tags project=fraudstream \
    --parameter-overrides "${given[@]}" ${parameters[@]+"${parameters[@]}"} >&2
  [ "$starts" = no ] || start
  status
}

start() {
  local name
  name="$(application)"
  case "$(job_state "$name")" in
    RUNNING) say "the job runs" ;;
    READY)
      say "starting the job"
      aws kinesisanalyticsv2 start-application --application-name "$name" >&2
      wait_for_job "$name" RUNNING ;;
    *) wait_for_job "$name" RUNNING ;;
  esac
}

stop() {
  local name
  name="$(application)"
  [ "$(job_state "$name")" = RUNNING ] || { say "the job does not run"; return 0; }
  say "stopping the job; its snapshot is what a start goes on from"
  aws kinesisanalyticsv2 stop-application --application-name "$name" >&2
  wait_for_job "$name" READY
}

upgrade() {
  local name snapshot
  name="$(application)"
  [ -z "$(output "$stack" Function)" ] || scoring=lambda
  if [ "$(job_state "$name")" = RUNNING ]; then
    snapshot="before-upgrade-$(date -u +%Y%m%dt%H%M%S)"
    say "taking snapshot $snapshot: to go back, start the application from it"
    aws kinesisanalyticsv2 create-application-snapshot --application-name "$name" --snapshot-name "$snapshot" >&2
    until [ "$(aws kinesisanalyticsv2 describe-application-snapshot --application-name "$name" \
      --snapshot-name "$snapshot" --query SnapshotDetails.SnapshotStatus --output text)" = READY ]; do
      sleep "${DEPLOY_WAIT:-5}"
    done
  fi
  deploy
}

status() {
  aws cloudformation describe-stacks --stack-name "$stack" --output table \
    --query 'Stacks[0].[[[`stack`,StackStatus]],Outputs[].[OutputKey,OutputValue]][]'
  [ -z "$(output "$stack" Application)" ] || printf 'job: %s\n' "$(job_state "$(application)")"
}

destroy() {
  [ -z "$(output "$stack" Application)" ] || stop
  say "deleting stack $stack"
  aws cloudformation delete-stack --stack-name "$stack"
  aws cloudformation wait stack-delete-complete --stack-name "$stack"
  [ "$all" = yes ] || { say "kept: stack $foundation with the bucket of artifacts (--all deletes it)"; return 0; }
  bucket="$(output "$foundation" ArtifactsBucket)"
  aws cloudformation delete-stack --stack-name "$foundation"
  aws cloudformation wait stack-delete-complete --stack-name "$foundation"
  [ -z "$bucket" ] || delete_bucket "$bucket"
}

delete_bucket() { # with all versions of all objects, a thousand at a time
  local list
  list="$(mktemp)"
  say "deleting bucket $1"
  while aws s3api list-object-versions --bucket "$1" --max-items 1000 --output json \
    --query '{Objects: [Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}}' > "$list" &&
    grep -q '"Key"' "$list"; do
    aws s3api delete-objects --bucket "$1" --delete "file://$list" >/dev/null
  done
  rm -f "$list"
  aws s3 rb "s3://$1" >&2
}

case "$command" in
  deploy | start | stop | upgrade | status | destroy) "$command" ;;
  '' | --help | -h | help) usage ;;
  *) fail "unknown command $command; see pipeline/deploy.sh --help" ;;
esac
