import { grouped, needing, setting } from '../../../cli/settings/define-setting.ts';
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
  'setting of the job, such as order:ordered; see pipeline/flink/README.md',
  [],
  pairs(text, 'order:ordered'),
);

/** The Flink job on this machine. */
export const flinkSettings = grouped('Flink:', {
  flink: setting(
    '--flink',
    'run the Flink job between them, from the first stream to verdicts and rejects; needs a JDK 17',
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
      'our own engine, or flink: the Flink job on this machine (JDK 17)',
      'own',
      choice('own', 'flink'),
    ),
  ),
  flinkOption: needing('engine', flinkOption),
};

/** Troubles of the local endpoint: each text may hold several, with commas between. */
const endpointFaults: Parser<readonly EndpointFault[]> = {
  expected: `faults of the endpoint: ${endpointFaultForms}`,
  example: 'throttle=0.2,latency=8ms',
  takes: 'many',
  read: (texts) => texts.flatMap(parseEndpointFaults),
};

/** Trouble of the endpoint that `--local` brings along. */
export const localEndpointFaults = needing(
  'local',
  setting(
    '--endpoint-faults <faults>',
    'trouble of the local endpoint, such as throttle=0.2,latency=8ms',
    [],
    endpointFaults,
  ),
);

/** A scoring endpoint on this machine. */
export const endpointSettings = grouped('Scoring endpoint:', {
  endpoint: setting('--no-endpoint', 'no scoring endpoint', true, yesNo),
  model: setting(
    '--model <file>',
    'booster of XGBoost (.json, .ubj, model.tar.gz) instead of the one that comes with fraudstream',
    undefined,
    path,
  ),
  endpointName: setting('--endpoint-name <name>', 'its name', 'fraud', text),
  endpointPort: setting(
    '--endpoint-port <port>',
    'port on 127.0.0.1; 0 takes a free one',
    '0',
    port,
  ),
  endpointFaults: setting(
    '--endpoint-faults <faults>',
    `its troubles, such as throttle=0.2,latency=lognormal(8ms,0.5); there are ${endpointFaultKinds.join(', ')}`,
    [],
    endpointFaults,
  ),
  endpointAuth: setting(
    '--endpoint-auth <how>',
    'whether requests to it must be signed',
    'none',
    choice('none', 'sigv4'),
  ),
  apiKey: setting('--api-key <key>', 'key that /score wants as x-api-key', [], {
    ...list(text),
    secret: 'whole',
  }),
});
