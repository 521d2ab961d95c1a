import {
  alsoFrom,
  grouped,
  insteadOf,
  needing,
  setting,
} from '../../../cli/settings/define-setting.ts';
import { choice, pairs, text, url, yesNo } from '../../../cli/settings/parsers.ts';
import { milliseconds } from '../../../cli/settings/quantities.ts';
import { awsSettings } from './common-flags.ts';
import { localEndpointFaults } from './local-service-flags.ts';

/** Which endpoint, and how it is spoken to. */
export const targetSettings = grouped('Target:', {
  endpointName: setting('--endpoint-name <name>', 'SageMaker endpoint', undefined, text),
  targetVariant: needing(
    'endpointName',
    setting('--target-variant <name>', 'production variant of the endpoint', undefined, text),
  ),
  inferenceComponent: needing(
    'endpointName',
    setting('--inference-component <name>', 'inference component', undefined, text),
  ),
  url: insteadOf(
    'endpointName',
    setting('--url <url>', 'API Gateway or any HTTP endpoint that takes POST', undefined, url),
  ),
  local: setting(
    '--local',
    'an endpoint on this machine with the model that comes along, for as long as the run',
    false,
    yesNo,
  ),
  endpointFaults: localEndpointFaults,
  header: needing(
    'url',
    setting('--header <name:value>', 'header of each request, such as x-api-key', [], {
      ...pairs(text, 'x-api-key:abc'),
      secret: 'pairs',
    }),
  ),
  auth: needing(
    'url',
    setting(
      '--auth <how>',
      'signature of requests to --url; auto signs for amazonaws.com',
      'auto',
      choice('auto', 'none', 'sigv4'),
    ),
  ),
  transport: setting(
    '--transport <kind>',
    'requests made and signed by ourselves, or by the AWS SDK',
    'fast',
    choice('fast', 'sdk'),
  ),
  region: { ...awsSettings.region, meaning: 'AWS region' },
  profile: awsSettings.profile,
  endpointUrl: alsoFrom(
    setting('--endpoint-url <url>', 'SageMaker runtime instead of the one of AWS', undefined, url),
    'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME',
    'AWS_ENDPOINT_URL',
  ),
  connectTimeout: setting('--connect-timeout <ms>', 'wait for a connection', '2000', milliseconds),
});
