import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FraudstreamError, messageOf } from '../errors.ts';
import { readBoundedSync } from '../stream/read-bounded.ts';
import { fileInTar } from './tar.ts';

const shipped = join(import.meta.dirname, '..', '..', 'assets', 'model.ubj');

/** Where the container looks for the model. Whatever else lies in an artifact is about the model. */
const IN_ARTIFACT = 'xgboost-model';
const GZIP = [0x1f, 0x8b];
/** Of a booster, packed or not. */
const MODEL_BYTES = 268_435_456;

/**
 * The bytes of a booster; of the one that comes with the package unless a path is given.
 *
 * `flag` is the one that named it. A `model.tar.gz` as SageMaker takes it is opened. Errors: `no-input`, `bad-data` for an artifact without a model.
 */
export function modelBytes(path: string = shipped, flag: string = '--model'): Uint8Array {
  const bytes = bytesOf(path, flag);
  return GZIP.every((byte, index) => bytes[index] === byte) ? inArtifact(bytes, path) : bytes;
}

function inArtifact(bytes: Uint8Array, path: string): Uint8Array {
  let reason = `it holds no ${IN_ARTIFACT}`;
  try {
    const tar = gunzipSync(bytes, { maxOutputLength: MODEL_BYTES });
    const model = fileInTar(tar, IN_ARTIFACT);
    if (model) return model;
  } catch (error) {
    reason = messageOf(error);
  }
  throw new FraudstreamError('bad-data', `${path} is not a model artifact: ${reason}.`);
}

function bytesOf(path: string, flag: string): Uint8Array {
  try {
    return readBoundedSync(path, MODEL_BYTES);
  } catch (cause) {
    const advice = path === shipped ? 'Install fraudstream again.' : `Check ${flag}.`;
    const reason = messageOf(cause);
    const message = `The model cannot be read from ${path} (${reason}). ${advice}`;
    throw new FraudstreamError('no-input', message, { cause });
  }
}
