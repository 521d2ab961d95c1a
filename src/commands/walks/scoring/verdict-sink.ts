import { openSink } from '../../../files/sink.ts';
import type { Outside } from '../../outside.ts';

/** Where lines of JSON go. */
export interface LineSink {
  /** Lines that did not arrive although they were written. */
  readonly failed: number;
  write(lines: readonly KeyedLine[]): Promise<void>;
  /** Resolves when everything has arrived. */
  end(): Promise<void>;
}

/** A line without its end, the name under which it is said to have arrived, and its card. */
export interface KeyedLine {
  readonly id: string;
  readonly key: string;
  readonly line: string;
}

/** Hears the names of lines that are where they should be. */
export type Arrived = (ids: readonly string[]) => void;

/** Nowhere. */
export function noSink(arrived: Arrived): LineSink {
  return sink(arrived, async () => undefined);
}

export function stdoutSink(arrived: Arrived, { out }: Pick<Outside, 'out'>): LineSink {
  return sink(arrived, (text) => out.write(text));
}

/** Errors: `usage` when the file cannot be written. */
export async function fileSink(path: string, arrived: Arrived): Promise<LineSink> {
  const file = await openSink(path);
  return { ...sink(arrived, (text) => file.write(text)), end: () => file.end() };
}

function sink(arrived: Arrived, write: (text: string) => Promise<void>): LineSink {
  return {
    failed: 0,
    write: async (lines) => {
      await write(lines.map(({ line }) => `${line}\n`).join(''));
      arrived(lines.map(({ id }) => id));
    },
    end: async () => undefined,
  };
}
