import { FraudstreamError } from '../../../errors.ts';
import { type EndpointFault, latency, latencyText, requestFaults, rowFaults } from './fault.ts';
import { args, durationMs, msText, share, steps, stepsText, whole } from './value-text.ts';

/** How a kind of fault is written: forms to show, and its reader; nothing for what is not of these forms. */
interface Writing {
  readonly forms: string;
  read(value: string): EndpointFault | undefined;
}

const shares = [...requestFaults, ...rowFaults].map((kind): [string, Writing] => [
  kind,
  {
    forms: `${kind}=0.01`,
    read: (value) => ifRead(share(value), (read) => ({ kind, share: read })),
  },
]);

/** Every kind, in the order of the messages. */
const writings: ReadonlyMap<string, Writing> = new Map<string, Writing>([
  ...shares,
  [
    'latency',
    {
      forms: 'latency=8ms, latency=lognormal(8ms,0.5), latency=bimodal(8ms,200ms,1%)',
      read: (value) => ifRead(latency(value), (read) => ({ kind: 'latency', latency: read })),
    },
  ],
  ['stall', { forms: 'stall=250ms/1s', read: stall }],
  [
    'workers',
    {
      forms: 'workers=16, workers=schedule(0s:16,10s:64,20s:8)',
      read: (value) => ifRead(steps(value), (read) => ({ kind: 'workers', steps: read })),
    },
  ],
  [
    'queue',
    {
      forms: 'queue=32',
      read: (value) => ifRead(whole(value), (length) => ({ kind: 'queue', length })),
    },
  ],
  ['limit', { forms: 'limit=1000/s, limit=1000/s+200', read: limit }],
  [
    'not-ready',
    {
      forms: 'not-ready=10s',
      read: (value) => ifRead(durationMs(value), (forMs) => ({ kind: 'not-ready', forMs })),
    },
  ],
  ['dead', { forms: 'dead=10s, dead=5s+10s', read: dead }],
  [
    'wrong-ids',
    {
      forms: 'wrong-ids=ids(T1,T2)',
      read: (value) => ifRead(args('ids', value), (ids) => ({ kind: 'wrong-ids', ids })),
    },
  ],
]);

/** Characters of a wrong fault in its message. */
const MOST_SHOWN = 200;

/** The names of all faults. */
export const endpointFaultKinds: readonly string[] = [...writings.keys()];

/** How faults are written, for messages. */
export const endpointFaultForms: string = [...writings.values()]
  .map(({ forms }) => forms)
  .join(', ');

/**
 * Reads faults as they are written on a command line: `throttle=0.2,latency=lognormal(8ms,0.5)`.
 * A colon may stand for the equals sign, as in faults of Kinesis.
 *
 * Errors: `usage`, naming the part that cannot be read and the forms of its kind.
 */
export function parseEndpointFaults(text: string): readonly EndpointFault[] {
  return partsOf(text)
    .filter((part) => part !== '')
    .map(parsed);
}

/** The parts between commas that are in no brackets, in time linear in the text: from its end to its beginning. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let to = text.length;
  let bracket = '';
  for (let index = text.length - 1; index >= 0; index -= 1) {
    const letter = text[index] ?? '';
    if (letter === '(' || letter === ')') bracket = letter;
    // A comma whose next bracket closes is within brackets.
    if (letter !== ',' || bracket === ')') continue;
    parts.push(text.slice(index + 1, to).trim());
    to = index;
  }
  parts.push(text.slice(0, to).trim());
  return parts.reverse();
}

function parsed(text: string): EndpointFault {
  const [, kind = '', value = ''] = /^([a-z0-9-]+)[=:](.+)$/.exec(text) ?? [];
  const writing = writings.get(kind);
  const fault = writing?.read(value);
  if (fault) return fault;
  const forms = writing?.forms ?? endpointFaultForms;
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
  throw new FraudstreamError('usage', `"${shown}" is not a fault of the endpoint. Write ${forms}.`);
}

/** A fault as it would be written on a command line. */
export function endpointFaultText(fault: EndpointFault): string {
  return `${fault.kind}=${valueText(fault)}`;
}

function valueText(fault: EndpointFault): string {
  switch (fault.kind) {
    case 'latency':
      return latencyText(fault.latency);
    case 'stall':
      return `${msText(fault.forMs)}/${msText(fault.everyMs)}`;
    case 'workers':
      return stepsText(fault.steps);
    case 'queue':
      return String(fault.length);
    case 'limit':
      return `${fault.perSecond}/s+${fault.burst}`;
    case 'not-ready':
      return msText(fault.forMs);
    case 'dead':
      return `${msText(fault.fromMs)}+${msText(fault.forMs)}`;
    case 'wrong-ids':
      return `ids(${fault.ids.join(',')})`;
    default:
      return String(fault.share);
  }
}

function ifRead<Value>(
  value: Value | undefined,
  fault: (value: Value) => EndpointFault,
): EndpointFault | undefined {
  return value === undefined ? undefined : fault(value);
}

function stall(value: string): EndpointFault | undefined {
  const [forMs, everyMs, ...rest] = value.split('/').map(durationMs);
  if (forMs === undefined || everyMs === undefined || rest.length > 0) return undefined;
  return forMs < everyMs ? { kind: 'stall', forMs, everyMs } : undefined;
}

function limit(value: string): EndpointFault | undefined {
  const [, rate, burst] = /^(\d+(?:\.\d+)?)\/s(?:\+(\d+))?$/.exec(value) ?? [];
  const perSecond = Number(rate);
  if (!(perSecond > 0)) return undefined;
  return { kind: 'limit', perSecond, burst: Number(burst ?? perSecond) };
}

function dead(value: string): EndpointFault | undefined {
  const [first, second, ...rest] = value.split('+').map(durationMs);
  if (first === undefined || rest.length > 0) return undefined;
  if (!value.includes('+')) return { kind: 'dead', fromMs: 0, forMs: first };
  return second === undefined ? undefined : { kind: 'dead', fromMs: first, forMs: second };
}
