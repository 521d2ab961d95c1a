import type { CapacityStep } from './workers.ts';

/** The arguments of `name(a,b)`; nothing for another form. */
export function args(name: string, text: string): readonly string[] | undefined {
  if (!text.startsWith(`${name}(`) || !text.endsWith(')')) return undefined;
  const inside = text.slice(name.length + 1, -1).split(',');
  const parts = inside.map((part) => part.trim());
  return parts.every((part) => part !== '') ? parts : undefined;
}

/** No fault takes longer than a day; timers cannot wait for more than 24. */
const MOST_MS = 86_400_000;

/** `8ms`, `1.5s`, `2m`, `0`: milliseconds, up to a day. */
export function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 0);
  return ms <= MOST_MS ? ms : undefined;
}

/** As `durationMs` reads it. */
export const msText = (ms: number): string => `${ms}ms`;

/** `0.01` or `1%`, from 0 to 1. */
export function share(text: string): number | undefined {
  const [, amount, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const value = Number(amount) / (percent ? 100 : 1);
  return value <= 1 ? value : undefined;
}

/** A whole number from 0, below a billion. */
export function whole(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A number above zero. */
export function positive(text: string): number | undefined {
  return /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

/** Steps as they would be written. */
export function stepsText(all: readonly CapacityStep[]): string {
  return `schedule(${all.map(({ fromMs, workers }) => `${msText(fromMs)}:${workers}`).join(',')})`;
}

/** `16`, or `schedule(0s:16,10s:64)` with times that rise from 0. */
export function steps(text: string): readonly CapacityStep[] | undefined {
  const always = workersIn(text);
  if (always !== undefined) return always > 0 ? [{ fromMs: 0, workers: always }] : undefined;
  const read = args('schedule', text)?.map(step);
  const isRising = read?.every(
    (one, index) =>
      one && (index === 0 ? one.fromMs === 0 : one.fromMs > (read[index - 1]?.fromMs ?? 0)),
  );
  return isRising ? read?.filter((one) => one !== undefined) : undefined;
}

/** Each worker is kept in memory. */
const MOST_WORKERS = 10_000;

function workersIn(text: string): number | undefined {
  const count = whole(text);
  return count !== undefined && count <= MOST_WORKERS ? count : undefined;
}

function step(text: string): CapacityStep | undefined {
  const [from = '', count = '', ...rest] = text.split(':');
  const [fromMs, workers] = [durationMs(from), workersIn(count)];
  if (fromMs === undefined || workers === undefined || rest.length > 0) return undefined;
  return { fromMs, workers };
}
