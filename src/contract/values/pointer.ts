import { FraudstreamError } from '../../errors.ts';

/** Where a value stands in a record: the names and indexes that lead to it. */
export interface Pointer {
  /** As it was written. */
  readonly text: string;
  readonly steps: readonly string[];
  /** True for `a.b`, which also names a column `a.b`; false for RFC 6901. */
  readonly isDotted: boolean;
}

/**
 * Reads a pointer: `/a/b` as RFC 6901 has it, or `a.b`.
 *
 * A key that holds a dot is found by its whole name first, and by `/a.b` in any case.
 * Errors: `bad-config` for `~` before anything but 0 and 1.
 */
export function parsePointer(text: string): Pointer {
  if (text !== '' && !text.startsWith('/')) {
    return { text, steps: text.split('.'), isDotted: true };
  }
  if (/~(?![01])/.test(text)) {
    const message = `The pointer "${text}" holds a "~" that is neither ~0 (for ~) nor ~1 (for /).`;
    throw new FraudstreamError('bad-config', message);
  }
  const steps = text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { text, steps, isDotted: false };
}

/** The value at a pointer; `undefined` where there is none. Inherited properties do not count. */
export function readAt(pointer: Pointer, value: unknown): unknown {
  const { steps, text, isDotted } = pointer;
  if (isDotted) {
    const own = childOf(value, text);
    if (own !== undefined || steps.length === 1) return own;
  }
  let found = value;
  for (const step of steps) {
    if (found === undefined) return undefined;
    found = childOf(found, step);
  }
  return found;
}

/** The member of an object, or the item of an array at an index without leading zeros. */
function childOf(parent: unknown, step: string): unknown {
  if (typeof parent !== 'object' || parent === null || ArrayBuffer.isView(parent)) return undefined;
  if (Array.isArray(parent)) return /^(0|[1-9]\d*)$/.test(step) ? parent[Number(step)] : undefined;
  return Object.hasOwn(parent, step) ? (parent as Record<string, unknown>)[step] : undefined;
}
