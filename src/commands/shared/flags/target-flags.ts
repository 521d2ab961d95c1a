import {
  alsoFrom,
  formerly,
  grouped,
  insteadOf,
  needing,
  setting,
} from '../../../cli/settings/define-setting.ts';
import { choice, pairs, text, url, yesNo } from '../../../cli/settings/parsers.ts';
import { milliseconds } from '../../../cli/settings/quantities.ts';
import { awsSettings } from './common-flags.ts';
import { localEndpointFault, localModel } from './local-service-flags.ts';

/** The address of the SageMaker runtime. */
export const sagemakerEndpointUrl = alsoFrom(
  setting(
    '--sagemaker-endpoint-url <url>',
    'SageMaker runtime endpoint, for a stand-in or a proxy of AWS',
    undefined,
    url,
  ),
  'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME',
  'AWS_ENDPOINT_URL',
);

/** Which endpoint, and how to call it. */
export const targetSettings = grouped('Target:', {
  endpointName: setting(
    '--endpoint-name <name>',
    'name of the SageMaker endpoint',
    undefined,
    text,
  ),
  targetVariant: needing(
    'endpointName',
    setting('--target-variant <name>', 'production variant', undefined, text),
  ),
  inferenceComponent: needing(
    'endpointName',
    setting('--inference-component <name>', 'inference component', undefined, text),
  ),
  url: insteadOf(
    'endpointName',
    setting(
      '--url <url>',
      'URL of an API Gateway or of any HTTP endpoint that takes POST',
      undefined,
      url,
    ),
  ),
  local: setting(
    '--local',
    'start an endpoint on this machine, with the shipped model or --model',
    false,
    yesNo,
  ),
  model: {
    ...localModel,
    meaning:
      'XGBoost booster (.json, .ubj, model.tar.gz) that --local scores with, or that the endpoint has: its threshold, version and features',
  },
  endpointFault: localEndpointFault,
  header: needing(
    'url',
    setting(
      '--header <name:value>',
      'send this header with each request, such as x-api-key:KEY',
      [],
      {
        ...pairs(text, 'x-api-key:abc'),
        secret: 'pairs',
      },
    ),
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
    'HTTP client: built in (fast), or the AWS SDK',
    'fast',
    choice('fast', 'sdk'),
  ),
  region: awsSettings.region,
  profile: awsSettings.profile,
  sagemakerEndpointUrl: formerly('--endpoint-url <url>', sagemakerEndpointUrl),
  connectTimeout: setting(
    '--connect-timeout <duration>',
    'time limit of a connection attempt',
    '2s',
    milliseconds,
  ),
});
