import { grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, text, yesNo } from '../../../cli/settings/parsers.ts';
import {
  count,
  duration,
  milliseconds,
  positiveCount,
  share,
  size,
} from '../../../cli/settings/quantities.ts';
import { contentTypes } from '../../../scoring/request/request-body.ts';
import { scoreDefaults } from '../../../scoring/score-settings.ts';

/** What a request says, and where its answer has the scores. */
export const formSettings = grouped('Requests:', {
  features: setting(
    '--features <whence>',
    'computed here, given in each line, or raw: the transaction itself is sent',
    'computed',
    choice('computed', 'given', 'raw'),
  ),
  contentType: setting(
    '--content-type <type>',
    'form of the body',
    'text/csv',
    choice(...contentTypes),
  ),
  accept: setting('--accept <type>', 'form of the answer asked for', 'text/csv', text),
  bodyTemplate: setting(
    '--body-template <json>',
    'JSON body in which "$rows", "$row", "$transactions" or "$transaction" stands for the input',
    undefined,
    text,
  ),
  scorePointer: setting(
    '--score-pointer <pointer>',
    'where a JSON answer has the scores, such as /predictions/*/score',
    undefined,
    text,
  ),
});

/** How many at once, how long, in which order: the words of Flink's Async I/O. */
export const asyncSettings = grouped('Async I/O:', {
  capacity: setting(
    '--capacity <count>',
    'requests in flight, those that wait for their turn included',
    scoreDefaults.capacity,
    positiveCount,
  ),
  timeout: setting(
    '--timeout <span>',
    'give a transaction up so long after it was due, retries included',
    '10s',
    duration,
  ),
  order: setting(
    '--order <order>',
    'verdicts as they come, or in the order of the input',
    'unordered',
    choice('ordered', 'unordered'),
  ),
  concurrencyLimit: setting(
    '--concurrency-limit <kind>',
    'always --capacity, or as much of it as the endpoint can take',
    'adaptive',
    choice('fixed', 'adaptive'),
  ),
  batchRows: setting(
    '--batch-rows <count>',
    'transactions in a request, at most',
    scoreDefaults.batchRows,
    positiveCount,
  ),
  batchBytes: setting('--batch-bytes <bytes>', 'size of a request', '5MiB', size),
  linger: setting(
    '--linger <ms>',
    'how long a transaction waits for others to share a request with',
    scoreDefaults.lingerMs,
    milliseconds,
  ),
  requestTimeout: setting(
    '--request-timeout <ms>',
    'time limit of a request, to the last byte of its answer',
    '2000',
    milliseconds,
  ),
  dropAfter: setting(
    '--drop-after <span>',
    'drop what could not be sent so long after it was due',
    undefined,
    duration,
  ),
});

/** What a score means. */
export const judgeSettings = grouped('Verdicts:', {
  threshold: setting(
    '--threshold <share>',
    'score from which a transaction counts as fraud (default: 0.5; with --local what the model says)',
    undefined,
    share,
  ),
  modelVersion: setting(
    '--model-version <text>',
    'written into verdicts (default: what the endpoint says)',
    undefined,
    text,
  ),
  withFeatures: setting('--with-features', 'write the features into verdicts', false, yesNo),
  costMissed: setting('--cost-missed <amount>', 'what a missed fraud costs', 100, count),
  costAlarm: setting('--cost-alarm <amount>', 'what a false alarm costs', 1, count),
});
