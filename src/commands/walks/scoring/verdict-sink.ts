import { openSink } from '../../../files/sink.ts';
import type { Outside } from '../../outside.ts';

/** Where lines of JSON go, each with the key of its card. */
export interface LineSink {
  write(lines: readonly KeyedLine[]): Promise<void>;
  /** Resolves when everything has arrived. */
  end(): Promise<void>;
}

/** A line without its end, the id it goes by, and the card it belongs to. */
export interface KeyedLine {
  readonly id: string;
  readonly key: string;
  readonly line: string;
}

/** Nowhere. */
export const noSink: LineSink = { write: async () => undefined, end: async () => undefined };

export function stdoutSink({ out }: Pick<Outside, 'out'>): LineSink {
  return { write: (lines) => out.write(textOf(lines)), end: async () => undefined };
}

/** Errors: `usage` when the file cannot be written. */
export async function fileSink(path: string): Promise<LineSink> {
  const sink = await openSink(path);
  return { write: (lines) => sink.write(textOf(lines)), end: () => sink.end() };
}

function textOf(lines: readonly KeyedLine[]): string {
  return lines.map(({ line }) => `${line}\n`).join('');
}
