import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FraudstreamError } from '../../fraudstream-error.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'assets', 'model.ubj');

/** The bytes of a booster; of the one that comes with the package unless a path is given. Errors: `no-input`. */
export function modelBytes(path: string = shipped): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const advice = path === shipped ? 'Install fraudstream again.' : 'Check --model.';
    throw new FraudstreamError('no-input', `The model cannot be read from ${path}. ${advice}`, {
      cause,
    });
  }
}
