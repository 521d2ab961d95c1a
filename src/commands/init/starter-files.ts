import type { NewFile } from './write-new-files.ts';

const config = `# Settings of fraudstream: flag names, at the top for every command or under the name of one.
# A flag and a FRAUDSTREAM_* variable come before this file; "fraudstream run --print-config" shows what holds.
contract: contract.yaml

# stream: transactions            # the input stream of your pipeline
# region: eu-west-1

# run:
#   verdict-stream: verdicts
#   reject-stream: dead-letters
#   rate: 500/s
#   duration: 1m
#   fail-if: ["missing > 0", "latency.end_to_end.p99 > 2s"]
`;

const contract = `# What your pipeline reads and writes: docs/contract.md. "$field" is a field of a transaction, all else stands as it is.
# With a sample of your records: fraudstream init --sample theirs.ndjson --out proposed
transactions:
  payload:
    id: $transaction_id           # verdicts are matched by it
    ts: { field: event_time, as: epoch-milliseconds }   # or iso, epoch-seconds, a pattern such as dd.MM.yyyy HH:mm:ss
    card: $card_id                # also the partition key, unless "partition-key" names another
    amount: { field: amount, as: decimal }              # or number 12.5, minor 1250
    currency: $currency
    channel: $channel
    mcc: $mcc
    country: $merchant_country
    ip: $source_ip
    email: { faker: internet.email, per: card_id }      # a field that fraudstream does not have
    source: load-test
  # truth: { at: /isFraud, fraud: ["1"], genuine: ["0"] }   # in files; it is never sent

verdicts:
  id: /id
  score: { at: /score, scale: 1 } # 1 for probabilities, 100 for per cent
  # decision: { at: /decision, fraud: [DECLINE, REVIEW] }
  # emits: frauds                 # for a pipeline that sends alerts only

# rejects: { id: /id, reason: /error }
`;

const workflow = `name: fraudstream
on: [push, pull_request]
jobs:
  contract:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Install
        run: npm install --global fraudstream
      - name: Generate
        run: fraudstream generate --contract contract.yaml --count 2000 --seed 7 --out made.ndjson
      # Add files of your own records: they are judged by the contract as well.
      - name: Validate
        run: fraudstream validate made.ndjson --contract contract.yaml --output github --report validation.json
      - name: Replay
        run: |
          fraudstream replay made.ndjson --contract contract.yaml --speed max --local --on-error stop \\
            --report replay.json | tee replay.txt
      # Against a deployed pipeline, with credentials of the job:
      # - name: Run
      #   run: |
      #     fraudstream run --contract contract.yaml --stream transactions --verdict-stream verdicts \\
      #       --rate 200/s --duration 1m --fail-if "missing > 0" --report run.json
      - name: Summary
        if: always()
        run: |
          {
            echo '### Replay'
            echo '~~~~~'
            cat replay.txt
            echo '~~~~~'
          } >> "$GITHUB_STEP_SUMMARY"
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: fraudstream
          path: |
            validation.json
            replay.json
`;

/** The files that a project begins with: settings, a contract, a workflow of GitHub Actions. */
export const starterFiles: readonly NewFile[] = [
  { path: 'fraudstream.yaml', text: config },
  { path: 'contract.yaml', text: contract },
  { path: '.github/workflows/fraudstream.yml', text: workflow },
];
