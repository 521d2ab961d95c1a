import type { CodecSettings, PayloadCodec } from '../contract/payload-codec.ts';
import { FraudstreamError } from '../errors.ts';

/**
 * Opens the codec of a section of a contract; `schema` is relative to `directory`.
 *
 * Errors: `bad-config` for a schema that cannot be read, or a package that is not installed.
 */
export async function openCodec(
  { format }: CodecSettings,
  _directory: string,
): Promise<PayloadCodec> {
  throw new FraudstreamError('bad-config', `format ${format} is not available.`);
}
