import { type ErrorCode, FraudstreamError, messageOf } from './errors.ts';

/** What a package that does not come with fraudstream is needed for. */
export interface PackageUse {
  readonly name: string;
  /** Begins the message, such as "Reading s3://". */
  readonly purpose: string;
  /** What can be done without it, such as `copy the object with "aws s3 cp"`. */
  readonly instead?: string;
  /** `usage` unless given. */
  readonly code?: ErrorCode;
}

/**
 * Loads a package that is an optional peer: `load` imports it, so that nobody else waits for it.
 *
 * Errors: where it is not installed, or cannot be loaded.
 */
export async function optionalPackage<T>(
  { name, purpose, instead, code = 'usage' }: PackageUse,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const otherwise = instead === undefined ? '' : `, or ${instead}`;
    const message = isMissing(cause)
      ? `${purpose} needs a package that is not installed. Run "npm install ${name}" beside fraudstream${otherwise}.`
      : `${purpose} needs the package ${name}, which cannot be loaded: ${messageOf(cause)}. Install it again with "npm install ${name}"${otherwise}.`;
    throw new FraudstreamError(code, message, { cause });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
}
