import { FraudstreamError, messageOf } from '../../errors.ts';
import type { SeededFaker } from '../../generators/population/english-faker.ts';
import type { FieldValue } from './field-format.ts';

/** Values of faker by random bits: the same bits give the same value. */
export interface FakerValues {
  /** Errors: `bad-config` for a method that faker does not have, or whose result is no single value. */
  draw(method: string): (bits: number) => FieldValue;
}

/** Dates of faker lie around this one, whatever the day. */
const REFERENCE_MS = Date.UTC(2026, 0, 1);

/** For a contract that draws nothing from faker, which takes 20 ms to load. */
export const noFaker: FakerValues = {
  draw: (method) => {
    throw new FraudstreamError('bad-config', `faker is not loaded for "${method}"`);
  },
};

/** Values of faker, seeded before each. */
export function fakerValues(faker: SeededFaker): FakerValues {
  faker.setDefaultRefDate(new Date(REFERENCE_MS));
  return {
    draw: (method) => {
      const call = methodOf(faker, method);
      const drawn = (bits: number): unknown => {
        faker.seed(bits >>> 0);
        return call();
      };
      let example: unknown;
      try {
        example = drawn(0);
      } catch (cause) {
        throw new FraudstreamError(
          'bad-config',
          `faker.${method} cannot be called without arguments: ${messageOf(cause)}`,
          { cause },
        );
      }
      if (single(example) === undefined) {
        throw new FraudstreamError(
          'bad-config',
          `faker.${method} gives no text, number, boolean or date`,
        );
      }
      return (bits) => single(drawn(bits)) ?? null;
    },
  };
}

function methodOf(faker: object, method: string): () => unknown {
  const [module = '', name = '', ...more] = method.split('.');
  const owner = own(faker, module);
  const called = own(owner, name);
  if (more.length === 0 && typeof called === 'function') return () => called.call(owner);
  throw new FraudstreamError(
    'bad-config',
    `faker has no "${method}": write one such as internet.email`,
  );
}

/** A property of faker, whose modules are fields of the instance and whose methods are of a class. */
function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || name === 'constructor') return undefined;
  if (name in Object.prototype) return undefined;
  return (value as Record<string, unknown>)[name];
}

function single(value: unknown): FieldValue | undefined {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  const isSingle =
    typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  return isSingle ? (value as FieldValue) : undefined;
}
