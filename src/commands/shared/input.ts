import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { type Input, openInput } from '../../files/input.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import type { InputSettings } from '../../files/recorded-transactions.ts';
import { transactionsOf } from './contract.ts';
import type { awsSettings } from './flags/common-flags.ts';
import type { inputSettings } from './flags/input-flags.ts';

/** The flags of files of transactions. */
export interface InputValues
  extends Values<typeof inputSettings>,
    Pick<Values<typeof awsSettings>, 'region' | 'profile'> {
  /** The longest that an object of S3 may send nothing, in milliseconds. */
  readonly s3IdleTimeout?: number | undefined;
}

/** Bad lines printed on stderr; the others are only counted. */
const PRINTED_BAD_LINES = 10;

/**
 * The input of the flags.
 *
 * `onBadLine` is called for each bad line; a record without the features that it should bring is one.
 */
export async function inputOf(
  paths: readonly string[],
  {
    format,
    map,
    forbidPan,
    onError,
    rejects,
    region,
    profile,
    s3IdleTimeout,
    contract: contractPath,
  }: InputValues,
  { input: stdin, stop, err, env }: Runtime,
  onBadLine: (bad: BadLine) => void = () => undefined,
  given?: InputSettings['given'],
): Promise<Input> {
  const endpointUrl = env.AWS_ENDPOINT_URL_S3;
  const s3 = { region, profile, endpointUrl, idleTimeoutMs: s3IdleTimeout };
  const contract = await transactionsOf({ contract: contractPath });
  const bad = { onBadLine: onError, rejectsPath: rejects };
  const settings = { paths, format, mapping: map, contract, ...bad, s3 };
  const input = await openInput(
    { ...settings, forbidsPan: forbidPan },
    {
      stdin,
      stop,
      given,
      onBadLine: (bad, count) => {
        onBadLine(bad);
        // The error that ends the run names the line.
        if (onError === 'stop') return;
        if (count <= PRINTED_BAD_LINES) void err.print(`${badLineText(bad)}`);
        if (count === PRINTED_BAD_LINES) void err.print('Further bad lines are only counted.');
      },
      onEmpty: (names) => err.print(`${names.join(', ')}: contains no transactions.`),
    },
  );
  const close = async (): Promise<void> => {
    await err.print(...notesOf(input));
    await input.close();
  };
  return { ...input, close };
}

/** What a mapping did to the rows of a foreign file. */
function notesOf({ mapping, tally, paths }: Input): readonly string[] {
  if (!mapping) return [];
  return tally.notes(mapping.reportDelayMs).map((note) => `${paths.join(', ')}: ${note}`);
}
