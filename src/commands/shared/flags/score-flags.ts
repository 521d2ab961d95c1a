import { formerly, grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, text, yesNo } from '../../../cli/settings/parsers.ts';
import {
  count,
  duration,
  milliseconds,
  positiveCount,
  share,
  size,
  writtenMs,
} from '../../../cli/settings/quantities.ts';
import { contentTypes } from '../../../scoring/request/request-body.ts';
import { scoreDefaults } from '../../../scoring/score-settings.ts';

/** The format of a request, and where its response has the scores. */
export const formSettings = grouped('Requests:', {
  features: setting(
    '--features <source>',
    'compute features, take them from each line (given), or send the transaction itself (raw)',
    'computed',
    choice('computed', 'given', 'raw'),
  ),
  contentType: setting(
    '--content-type <type>',
    'format of the request body',
    'text/csv',
    choice(...contentTypes),
  ),
  accept: setting('--accept <type>', 'format of the response to ask for', 'text/csv', text),
  bodyTemplate: setting(
    '--body-template <json>',
    'JSON body in which "$rows", "$row", "$transactions" or "$transaction" stands for the input',
    undefined,
    text,
  ),
  scorePointer: setting(
    '--score-pointer <pointer>',
    'JSON pointer to the scores in a response, such as /predictions/*/score',
    undefined,
    text,
  ),
});

/** Concurrency, timeouts and order, in the terms of Flink's Async I/O. */
export const asyncSettings = grouped('Async I/O:', {
  capacity: setting(
    '--capacity <count>',
    'maximum requests in flight or queued',
    scoreDefaults.capacity,
    positiveCount,
  ),
  timeout: setting(
    '--timeout <duration>',
    'give up this long after the scheduled time, retries included',
    '10s',
    duration,
  ),
  ordered: formerly(
    '--order <order>',
    setting('--ordered', 'write verdicts in the order of the input', false, yesNo),
    { ordered: 'true', unordered: 'false' },
  ),
  concurrencyLimit: setting(
    '--concurrency-limit <kind>',
    'use all of --capacity (fixed), or as much as the endpoint can take (adaptive)',
    'adaptive',
    choice('fixed', 'adaptive'),
  ),
  batchRows: setting(
    '--batch-rows <count>',
    'maximum transactions in a request',
    scoreDefaults.batchRows,
    positiveCount,
  ),
  batchBytes: setting('--batch-bytes <size>', 'maximum size of a request', '5MiB', size),
  linger: setting(
    '--linger <duration>',
    'maximum time a transaction waits for its request to fill',
    writtenMs(scoreDefaults.lingerMs),
    milliseconds,
  ),
  requestTimeout: setting(
    '--request-timeout <duration>',
    'time limit of a request, to the last byte of its response',
    '2s',
    milliseconds,
  ),
  dropAfter: setting(
    '--drop-after <duration>',
    'drop a transaction that is not sent this long after its scheduled time',
    undefined,
    duration,
  ),
});

/** From which score a transaction is a fraud, and the costs of errors. */
export const judgeSettings = grouped('Verdicts:', {
  threshold: setting(
    '--threshold <share>',
    'score from which a transaction counts as fraud (default: of the model; 0.5 if it is not known)',
    undefined,
    share,
  ),
  modelVersion: setting(
    '--model-version <text>',
    'model version in verdicts (default: of the model; if it is not known, as the endpoint reports)',
    undefined,
    text,
  ),
  withFeatures: setting('--with-features', 'include the features in verdicts', false, yesNo),
  costMissed: setting('--cost-missed <amount>', 'cost of a missed fraud', 100, count),
  costAlarm: setting('--cost-alarm <amount>', 'cost of a false alarm', 1, count),
});
