import type { EndpointFault } from '../../local/endpoint/faults/fault.ts';
import {
  endpointFaultForms,
  endpointFaultKinds,
  parseEndpointFaults,
} from '../../local/endpoint/faults/fault-text.ts';
import { choice, list, type Parser, path, text, yesNo } from './parser.ts';
import { port } from './quantity.ts';
import { grouped, needing, type Setting, setting } from './setting.ts';

/** Troubles of the local endpoint: each text may hold several, with commas between. */
const endpointFaults: Parser<readonly EndpointFault[]> = {
  expected: `faults of the endpoint: ${endpointFaultForms}`,
  example: 'throttle=0.2,latency=8ms',
  takes: 'many',
  read: (texts) => texts.flatMap(parseEndpointFaults),
};

/** Trouble of the endpoint that `--local` brings along. */
export const localEndpointFaults: Setting<readonly EndpointFault[]> = needing(
  'local',
  setting(
    '--endpoint-faults <faults>',
    'trouble of the local endpoint, such as throttle=0.2,latency=8ms',
    [],
    endpointFaults,
  ),
);

/** A scoring endpoint on this machine. */
export const endpointSettings: {
  readonly endpoint: Setting<boolean>;
  readonly model: Setting<string | undefined>;
  readonly endpointName: Setting<string>;
  readonly endpointPort: Setting<number>;
  readonly endpointFaults: Setting<readonly EndpointFault[]>;
  readonly endpointAuth: Setting<'none' | 'sigv4'>;
  readonly apiKey: Setting<readonly string[]>;
} = grouped('Scoring endpoint:', {
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
