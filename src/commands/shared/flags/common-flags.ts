import { alsoFrom, grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, text, url } from '../../../cli/settings/parsers.ts';
import { reportFile } from './report-flags.ts';

/** Where a run goes: the words and variables of the AWS command line. */
export const awsSettings = grouped('AWS:', {
  region: alsoFrom(
    setting('--region <region>', 'AWS region of the stream', undefined, text),
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
  ),
  profile: alsoFrom(
    setting('--profile <name>', 'profile of the shared AWS config files', undefined, text),
    'AWS_PROFILE',
  ),
  endpointUrl: alsoFrom(
    setting('--endpoint-url <url>', 'Kinesis endpoint instead of the one of AWS', undefined, url),
    'AWS_ENDPOINT_URL_KINESIS',
    'AWS_ENDPOINT_URL',
  ),
});

/** What a run says, where, and in which form. */
export const outputSettings = grouped('Output:', {
  output: setting('--output <form>', 'form of stdout', 'human', choice('human', 'json', 'ndjson')),
  report: setting(
    '--report <file>',
    'also write it by its ending: .json, .html, .xml (JUnit), .md, .csv, .hlog, .prom, .emf',
    [],
    list(reportFile),
  ),
  progress: setting(
    '--progress <form>',
    'progress on stderr',
    'auto',
    choice('auto', 'bar', 'text', 'none'),
  ),
});
