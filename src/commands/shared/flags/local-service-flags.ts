import { formerly, grouped, needing, setting } from '../../../cli/settings/define-setting.ts';
import {
  choice,
  list,
  type Parser,
  pairs,
  path,
  text,
  yesNo,
} from '../../../cli/settings/parsers.ts';
import { port } from '../../../cli/settings/quantities.ts';
import type { EndpointFault } from '../../../emulators/sagemaker/faults/fault.ts';
import {
  endpointFaultForms,
  endpointFaultKinds,
  parseEndpointFaults,
} from '../../../emulators/sagemaker/faults/fault-text.ts';

const flinkOption = setting(
  '--flink-option <name:value>',
  'set an option of the Flink job, such as order:ordered; see pipeline/flink/README.md',
  [],
  pairs(text, 'order:ordered'),
);

/** The Flink job on this machine. */
export const flinkSettings = grouped('Flink:', {
  flink: setting(
    '--flink',
    'run the Flink job from the first stream to verdicts and rejects (needs a JDK 17)',
    false,
    yesNo,
  ),
  flinkOption,
});

/** What scores in a pipeline of this machine. */
export const engineSettings = {
  engine: needing(
    'local',
    setting(
      '--engine <kind>',
      'scoring engine: built in, or the Flink job on this machine (needs a JDK 17)',
      'own',
      choice('own', 'flink'),
    ),
  ),
  flinkOption: needing('engine', flinkOption),
};

/** Faults of the local endpoint: each text may hold several, separated by commas. */
const endpointFaults: Parser<readonly EndpointFault[]> = {
  expected: `faults of the endpoint: ${endpointFaultForms}`,
  example: 'throttle=0.2,latency=8ms',
  takes: 'many',
  read: (texts) => texts.flatMap(parseEndpointFaults),
};

/** Faults of the endpoint that `--local` starts. */
export const localEndpointFault = needing(
  'local',
  formerly(
    '--endpoint-faults <faults>',
    setting(
      '--endpoint-fault <fault>',
      'inject a fault into the local endpoint, such as throttle:0.2 or latency:8ms',
      [],
      endpointFaults,
    ),
  ),
);

/** Which model scores on this machine. */
export const localModel = setting(
  '--model <file>',
  'XGBoost booster (.json, .ubj, model.tar.gz) to score with instead of the shipped one',
  undefined,
  path,
);

/** A scoring endpoint on this machine. */
export const endpointSettings = grouped('Scoring endpoint:', {
  endpoint: setting('--no-endpoint', 'start no scoring endpoint', true, yesNo),
  model: localModel,
  endpointName: setting('--endpoint-name <name>', 'name of the scoring endpoint', 'fraud', text),
  endpointPort: setting(
    '--endpoint-port <port>',
    'port of the endpoint on 127.0.0.1; 0 picks a free one',
    '0',
    port,
  ),
  endpointFault: formerly(
    '--endpoint-faults <faults>',
    setting(
      '--endpoint-fault <fault>',
      `inject a fault into the endpoint, such as throttle:0.2 or latency:lognormal(8ms,0.5); kinds: ${endpointFaultKinds.join(', ')}`,
      [],
      endpointFaults,
    ),
  ),
  endpointAuth: setting(
    '--endpoint-auth <how>',
    'signature that the endpoint requires',
    'none',
    choice('none', 'sigv4'),
  ),
  apiKey: setting('--api-key <key>', 'API key that /score requires in x-api-key', [], {
    ...list(text),
    secret: 'whole',
  }),
});
