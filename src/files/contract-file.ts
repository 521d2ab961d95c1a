import { dirname } from 'node:path';
import { type Contract, compileContract } from '../contract/contract.ts';
import { openCodec } from './contract-codecs.ts';

/**
 * The contract in a YAML or JSON file; schemas that it names lie beside it.
 *
 * Errors: `bad-config`, with file and line, for what is no contract.
 */
export async function contractFile(path: string): Promise<Contract> {
  const { yamlNode } = await import('./yaml-lines.ts');
  const document = await yamlNode(path, 'contract', '--contract');
  return compileContract(document, path, (settings) => openCodec(settings, dirname(path)));
}
