import { FraudstreamError } from '../../../fraudstream-error.ts';
import { type Latency, latency, latencyText } from './latency.ts';
import { args, durationMs, msText, share, shareText, steps, whole } from './written.ts';

/** Troubles drawn for a whole request, by their share of requests. */
export const requestFaults = [
  'throttle',
  'http403',
  'http500',
  'http503',
  'http530',
  'model400',
  'model500',
  'model-timeout',
  'hang',
  'reset',
  'truncate',
  'short',
] as const;
export type RequestFault = (typeof requestFaults)[number];

/** Troubles drawn for each row of a request, by their share of rows. */
export const rowFaults = ['wrong', 'nan', 'missing'] as const;
export type RowFault = (typeof rowFaults)[number];

/** So many workers from so many milliseconds on. */
export interface CapacityStep {
  readonly fromMs: number;
  readonly workers: number;
}

/** One trouble of the local endpoint. Times count from the moment the faults were set. */
export type EndpointFault =
  | { readonly kind: RequestFault | RowFault; readonly share: number }
  | { readonly kind: 'latency'; readonly latency: Latency }
  | { readonly kind: 'stall'; readonly forMs: number; readonly everyMs: number }
  | { readonly kind: 'workers'; readonly steps: readonly CapacityStep[] }
  | { readonly kind: 'queue'; readonly length: number }
  | { readonly kind: 'limit'; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'not-ready'; readonly forMs: number }
  | { readonly kind: 'dead'; readonly fromMs: number; readonly forMs: number }
  | { readonly kind: 'wrong-ids'; readonly ids: readonly string[] };

type Kind = EndpointFault['kind'];
type Read = (value: string) => EndpointFault | undefined;

/** Kinds that are not shares: how they are read, and forms to show. */
const others: Readonly<Partial<Record<Kind, { readonly form: string; readonly read: Read }>>> = {
  latency: {
    form: 'latency=8ms, latency=lognormal(8ms,0.5), latency=bimodal(8ms,200ms,1%)',
    read: (value) => withValue('latency', latency(value)),
  },
  stall: {
    form: 'stall=250ms/1s',
    read(value) {
      const [forMs, everyMs, ...rest] = value.split('/').map(durationMs);
      if (forMs === undefined || everyMs === undefined || rest.length > 0) return undefined;
      return forMs < everyMs ? { kind: 'stall', forMs, everyMs } : undefined;
    },
  },
  workers: {
    form: 'workers=16, workers=schedule(0s:16,10s:64,20s:8)',
    read: (value) => withValue('steps', steps(value), 'workers'),
  },
  queue: { form: 'queue=32', read: (value) => withValue('length', whole(value), 'queue') },
  limit: {
    form: 'limit=1000/s, limit=1000/s+200',
    read(value) {
      const [, rate, burst] = /^(\d+(?:\.\d+)?)\/s(?:\+(\d+))?$/.exec(value) ?? [];
      const perSecond = Number(rate);
      if (!(perSecond > 0)) return undefined;
      return { kind: 'limit', perSecond, burst: burst === undefined ? perSecond : Number(burst) };
    },
  },
  'not-ready': {
    form: 'not-ready=10s',
    read: (value) => withValue('forMs', durationMs(value), 'not-ready'),
  },
  dead: {
    form: 'dead=10s, dead=5s+10s',
    read(value) {
      const [first, second, ...rest] = value.split('+').map(durationMs);
      if (first === undefined || rest.length > 0) return undefined;
      if (!value.includes('+')) return { kind: 'dead', fromMs: 0, forMs: first };
      return second === undefined ? undefined : { kind: 'dead', fromMs: first, forMs: second };
    },
  },
  'wrong-ids': {
    form: 'wrong-ids=ids(T1,T2)',
    read: (value) => withValue('ids', args('ids', value), 'wrong-ids'),
  },
};

const shares: readonly string[] = [...requestFaults, ...rowFaults];

/** How faults are written, for messages. */
export const endpointFaultForms: string = [
  ...shares.map((kind) => `${kind}=0.01`),
  ...Object.values(others).map(({ form }) => form),
].join(', ');

/**
 * Reads faults as they are written on a command line: `throttle=0.2,latency=lognormal(8ms,0.5)`.
 *
 * Errors: `usage`, naming the part that cannot be read and the forms of its kind.
 */
export function parseEndpointFaults(text: string): readonly EndpointFault[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.filter((part) => part !== '').map(parseEndpointFault);
}

/** A fault as it would be written on a command line. */
export function endpointFaultText(fault: EndpointFault): string {
  return `${fault.kind}=${valueText(fault)}`;
}

function parseEndpointFault(text: string): EndpointFault {
  const [, kind = '', value = ''] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
  if (shares.includes(kind)) {
    const read = share(value);
    if (read !== undefined) return { kind: kind as RequestFault | RowFault, share: read };
    throw unreadable(text, `${kind}=0.01 or ${kind}=1%`);
  }
  const other = Object.hasOwn(others, kind) ? others[kind as Kind] : undefined;
  const fault = other?.read(value);
  if (fault) return fault;
  throw unreadable(text, other?.form ?? endpointFaultForms);
}

function unreadable(text: string, forms: string): FraudstreamError {
  return new FraudstreamError('usage', `"${text}" is no fault of the endpoint. Write ${forms}.`);
}

/** The fault with its one value; nothing when the value could not be read. */
function withValue(key: string, value: unknown, kind = key): EndpointFault | undefined {
  return value === undefined ? undefined : ({ kind, [key]: value } as unknown as EndpointFault);
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
      return shareText(fault.share);
  }
}

function stepsText(all: readonly CapacityStep[]): string {
  return `schedule(${all.map(({ fromMs, workers }) => `${msText(fromMs)}:${workers}`).join(',')})`;
}
