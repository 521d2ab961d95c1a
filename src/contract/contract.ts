import { quicklySeededFaker } from '../generators/population/english-faker.ts';
import { type ContractKeys, type ContractNode, ContractSource } from './contract-node.ts';
import { rejectsOf, verdictsOf } from './outcome-sections.ts';
import { fakerValues, noFaker } from './payload/faker-values.ts';
import type { CodecSettings, PayloadCodec } from './payload-codec.ts';
import { codecSettings } from './section-keys.ts';
import type { TransactionContract } from './transactions-contract.ts';
import { transactionsOf } from './transactions-section.ts';
import type { RejectContract, VerdictContract } from './verdicts-contract.ts';

/**
 * What a pipeline reads and writes, in the user's own form: compiled once, for both directions.
 *
 * A part that the contract does not state is in the form of fraudstream.
 */
export interface Contract {
  readonly transactions: TransactionContract | undefined;
  readonly verdicts: VerdictContract | undefined;
  readonly rejects: RejectContract | undefined;
}

const SECTIONS = ['transactions', 'verdicts', 'rejects'] as const;

/** Opens the codec of a section whose bytes need a schema. */
export type OpenCodec = (settings: CodecSettings) => Promise<PayloadCodec>;

/**
 * Compiles a contract.
 *
 * Errors: `bad-config` for what is none; the message names the file, the line, and what to write instead.
 */
export async function compileContract(
  document: ContractNode,
  file: string,
  openCodec: OpenCodec,
): Promise<Contract> {
  const source = new ContractSource(file);
  const keys = source.keys(document, 'the contract', ['$schema', ...SECTIONS]);
  if (SECTIONS.every((name) => keys.get(name) === undefined)) {
    throw source.refused(
      document.line,
      `the contract states nothing: write ${SECTIONS.join(', ')}`,
    );
  }
  const codecs = new Map<string, PayloadCodec | undefined>();
  for (const name of SECTIONS) codecs.set(name, await codecOf(name, keys, source, openCodec));
  const fakers = hasFaker(document) ? fakerValues(await quicklySeededFaker()) : noFaker;
  return {
    transactions: keys.optional('transactions', (node) =>
      transactionsOf(node, codecs.get('transactions'), fakers, source),
    ),
    verdicts: keys.optional('verdicts', (node) => verdictsOf(node, codecs.get('verdicts'), source)),
    rejects: keys.optional('rejects', (node) => rejectsOf(node, codecs.get('rejects'), source)),
  };
}

async function codecOf(
  name: string,
  keys: ContractKeys,
  source: ContractSource,
  openCodec: OpenCodec,
): Promise<PayloadCodec | undefined> {
  const node = keys.get(name);
  const settings = node && codecSettings(node, `"${name}"`, source);
  if (!settings) return undefined;
  try {
    return await openCodec(settings);
  } catch (error) {
    source.at(keys.lineOf(name), () => {
      throw error;
    });
    return undefined;
  }
}

function hasFaker(node: ContractNode): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(hasFaker);
  return node.entries.some(({ key, node: inner }) => key === 'faker' || hasFaker(inner));
}
