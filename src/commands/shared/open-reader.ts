import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import type { readerSettings } from './flags/reading-flags.ts';
import { clientSettings, type OpenStream, type RemoteValues } from './open-stream.ts';

/** The flags that say how records come out of a stream. */
export type ReaderValues = Values<typeof readerSettings>;

/**
 * The same stream, read as the flags say; closing it ends both. With enhanced fan-out that deregisters the
 * consumer that was registered for it. When it cannot be read so, the stream is closed.
 */
export async function openReader(
  stream: OpenStream,
  { reader, consumerName, ...values }: RemoteValues & ReaderValues,
  { clock, stop, random, err }: Pick<Runtime, 'clock' | 'stop' | 'random' | 'err'>,
): Promise<OpenStream> {
  if (reader === 'polling') {
    if (consumerName === undefined) return stream;
    await stream.close();
    const message = `--consumer-name is "${consumerName}", but polling has no consumers. Add --reader efo, or leave it out.`;
    throw new FraudstreamError('usage', message);
  }
  const { fanOutName, openFanOut } = await import('../../kinesis/client/fan-out.ts');
  const settings = {
    ...clientSettings({ ...values, stream: stream.name }, { err }),
    consumerName: consumerName ?? fanOutName(random),
  };
  try {
    const fanOut = await openFanOut(settings, stream.client, { clock, stop });
    const close = async (): Promise<void> => {
      // What was read is read: a consumer that stays is said, and does not change the exit code.
      await fanOut.close().catch((error: Error) => err.print(error.message));
      await stream.close();
    };
    return { ...stream, client: { ...stream.client, ...fanOut.client }, close };
  } catch (error) {
    await stream.close();
    throw error;
  }
}
