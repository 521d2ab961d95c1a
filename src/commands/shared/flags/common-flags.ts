import { alsoFrom, formerly, grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, text, url } from '../../../cli/settings/parsers.ts';
import { reportFile } from './report-flags.ts';

/** The address of Kinesis. */
export const kinesisEndpointUrl = alsoFrom(
  setting(
    '--kinesis-endpoint-url <url>',
    'Kinesis endpoint, for a stand-in or a proxy of AWS',
    undefined,
    url,
  ),
  'AWS_ENDPOINT_URL_KINESIS',
  'AWS_ENDPOINT_URL',
);

/** Where a run goes: the words and variables of the AWS command line. */
export const awsSettings = grouped('AWS:', {
  region: alsoFrom(
    setting('--region <region>', 'AWS region', undefined, text),
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
  ),
  profile: alsoFrom(
    setting('--profile <name>', 'profile of the shared AWS config files', undefined, text),
    'AWS_PROFILE',
  ),
  kinesisEndpointUrl: formerly('--endpoint-url <url>', kinesisEndpointUrl),
});

/** What a run says, where, and in which form. */
export const outputSettings = grouped('Output:', {
  output: setting(
    '--output <format>',
    'format of stdout',
    'human',
    choice('human', 'json', 'ndjson'),
  ),
  report: setting(
    '--report <file>',
    'write the report to a file: .json, .html, .xml (JUnit), .md, .csv, .hlog, .prom, .emf',
    [],
    list(reportFile),
  ),
  progress: setting(
    '--progress <style>',
    'progress on stderr',
    'auto',
    choice('auto', 'bar', 'text', 'none'),
  ),
});
