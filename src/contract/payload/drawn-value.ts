import { hash, keyOf, unitOf } from '../../generators/numbers/random.ts';
import { type Transaction, transactionFields } from '../../transactions/transaction.ts';
import type { ContractKeys, ContractNode, ContractSource, MapNode } from '../contract-node.ts';
import type { FakerValues } from './faker-values.ts';
import type { FieldValue } from './field-format.ts';
import { fieldReaders } from './field-readers.ts';

/** A value of a payload that no field of a transaction has: drawn by key and seed, or counted. */
export interface DrawnValue {
  readonly line: number;
  /** Each is the one before and a step: it depends on the order of transactions. */
  readonly isCounted: boolean;
  /** Opens it for one run; two runs with one seed draw the same. `form` is applied once to each that is remembered. */
  start<Formed>(
    seed: number,
    form: (value: FieldValue) => Formed,
  ): (transaction: Transaction) => Formed;
}

/** What makes a mapping of a payload a drawn value, and what may stand beside it. */
export const drawnKeys = ['faker', 'choose', 'number', 'counter'] as const;
export type DrawnKey = (typeof drawnKeys)[number];

/** Keys whose values are remembered: drawing again gives the same, so that any of them can be forgotten. */
const REMEMBERED = 262_144;

/**
 * Reads a drawn value of a payload. `position` tells it apart from the others of the payload, so that two draw different values.
 *
 * Errors: `bad-config` by line.
 */
export function drawnValue(
  kind: DrawnKey,
  keys: ContractKeys,
  position: number,
  fakers: FakerValues,
  source: ContractSource,
): DrawnValue {
  const { line } = keys;
  const per = keys.optional('per', (node, what) => source.word(node, what, transactionFields));
  const node = keys.get(kind) as ContractNode;
  if (kind === 'counter') {
    const count = counter(node, source);
    return {
      line,
      isCounted: true,
      start: (_, form) => {
        const next = count();
        return () => form(next());
      },
    };
  }
  const start = drawOf(kind, node, fakers, source);
  return {
    line,
    isCounted: false,
    start: (seed, form) => {
      const salt = hash(seed, position, seed / 4_294_967_296);
      const draw = start(form);
      const keyed = (key: string) => draw(hash(salt, keyOf(key), key.length));
      if (kind === 'faker' && per !== undefined) return remembered(per, keyed);
      const keyIn = fieldReaders[per ?? 'transaction_id'];
      return (transaction) => keyed(String(keyIn(transaction)));
    },
  };
}

/** Draws once for each key, and keeps the latest keys. */
function remembered<Formed>(
  per: keyof Transaction,
  keyed: (key: string) => Formed,
): (transaction: Transaction) => Formed {
  let young = new Map<string, Formed>();
  let old = new Map<string, Formed>();
  const keyIn = fieldReaders[per];
  return (transaction) => {
    const key = String(keyIn(transaction));
    let value = young.get(key);
    if (value !== undefined) return value;
    value = old.get(key) ?? keyed(key);
    if (young.size >= REMEMBERED / 2) [old, young] = [young, new Map()];
    young.set(key, value);
    return value;
  };
}

/** Opens a draw of values by 32 random bits. */
type StartDraw = <Formed>(form: (value: FieldValue) => Formed) => (bits: number) => Formed;

function drawOf(
  kind: Exclude<DrawnKey, 'counter'>,
  node: ContractNode,
  fakers: FakerValues,
  source: ContractSource,
): StartDraw {
  if (kind === 'choose') return choice(node, source);
  const draw =
    kind === 'faker'
      ? source.at(node.line, () => fakers.draw(source.text(node, '"faker"')))
      : numberDraw(node, source);
  return (form) => (bits) => form(draw(bits));
}

/** The form of each value is made once. */
function choice(node: ContractNode, source: ContractSource): StartDraw {
  const options = node.kind === 'map' ? weighted(node, source) : equal(node, source);
  const total = options.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0))
    throw source.refused(node.line, '"choose" needs at least one value with a weight above 0');
  const weights = options.map(({ weight }) => weight);
  return (form) => {
    const formed = options.map(({ value }) => form(value));
    return (bits) => {
      let rest = unitOf(bits) * total;
      for (let index = 0; index < weights.length; index += 1) {
        rest -= weights[index] as number;
        if (rest < 0) return formed[index] as ReturnType<typeof form>;
      }
      return formed.at(-1) as ReturnType<typeof form>;
    };
  };
}

interface Option {
  readonly value: FieldValue;
  readonly weight: number;
}

function weighted({ entries }: MapNode, source: ContractSource): readonly Option[] {
  return entries.map(({ key, node }) => {
    const weight = source.number(node, `the weight of "${key}"`);
    if (weight < 0) throw source.refused(node.line, `the weight of "${key}" must be 0 or more`);
    return { value: key, weight };
  });
}

function equal(node: ContractNode, source: ContractSource): readonly Option[] {
  if (node.kind !== 'list')
    throw source.refused(
      node.line,
      '"choose" must be values with their weights, such as { grocery: 6, travel: 1 }, or a list',
    );
  return source.scalars(node, '"choose"').map(({ value }) => ({ value, weight: 1 }));
}

function numberDraw(node: ContractNode, source: ContractSource): (bits: number) => FieldValue {
  const keys = source.keys(node, '"number"', ['from', 'to', 'decimals']);
  const bound = (key: string): number =>
    source.number(keys.needed(key, 'number: { from: 1, to: 10 }'), `"${key}"`);
  const [from, to] = [bound('from'), bound('to')];
  const decimals = keys.optional('decimals', (each, what) => source.number(each, what)) ?? 0;
  if (!(Number.isInteger(decimals) && decimals >= 0 && decimals <= 9)) {
    throw source.refused(keys.lineOf('decimals'), '"decimals" must be a whole number from 0 to 9');
  }
  if (to < from)
    throw source.refused(
      keys.lineOf('to'),
      `"to" is ${to} and "from" is ${from}: write the smaller number first`,
    );
  const step = 10 ** decimals;
  const [first, last] = [Math.ceil(from * step), Math.floor(to * step)];
  if (last < first || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
    throw source.refused(
      keys.lineOf('to'),
      `there is no number with ${decimals} decimals from ${from} to ${to}`,
    );
  }
  return (bits) => (first + Math.floor(unitOf(bits) * (last - first + 1))) / step;
}

function counter(node: ContractNode, source: ContractSource): () => () => number {
  const keys = source.keys(node, '"counter"', ['from', 'step']);
  const whole = (key: string, given: number): number => {
    const value = keys.optional(key, (each, what) => source.number(each, what)) ?? given;
    if (Number.isSafeInteger(value)) return value;
    throw source.refused(keys.lineOf(key), `"${key}" must be a whole number`);
  };
  const [from, step] = [whole('from', 1), whole('step', 1)];
  return () => {
    let next = from;
    return () => {
      const value = next;
      next += step;
      return value;
    };
  };
}
