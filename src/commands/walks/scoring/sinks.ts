import type { Rejection } from '../../../records/rejection.ts';
import type { Outside } from '../../outside.ts';
import type { ReportValues } from '../report.ts';
import { fileSink, type LineSink, noSink, stdoutSink } from './verdict-sink.ts';

/** What the flags say about where verdicts and rejects go. */
export interface SinkValues extends Pick<ReportValues, 'output'> {
  readonly out: string | undefined;
  readonly rejects: string | undefined;
}

/** Where verdicts and rejects go, and what is left for the report. */
export interface Sinks {
  readonly verdicts: LineSink;
  readonly output: ReportValues['output'];
  rejects(rejections: readonly Rejection[]): Promise<void>;
  /** A listener that writes what it hears as a rejection. */
  reject<T>(make: (heard: T) => Rejection): (heard: T) => void;
  end(): Promise<void>;
}

/** Opens the outputs of the flags. Errors: `usage` for a file that cannot be written. */
export async function openSinks(values: SinkValues, outside: Outside): Promise<Sinks> {
  const { out, rejects: rejectsPath, output } = values;
  const verdicts =
    out !== undefined ? await fileSink(out) : output === 'ndjson' ? stdoutSink(outside) : noSink;
  return sinksOf(
    verdicts,
    rejectsPath === undefined ? noSink : await fileSink(rejectsPath),
    output,
  );
}

function sinksOf(verdicts: LineSink, rejected: LineSink, output: Sinks['output']): Sinks {
  const rejects = (rejections: readonly Rejection[]): Promise<void> =>
    rejected.write(
      rejections.map((rejection) => ({
        id: rejection.transaction_id ?? '',
        key: rejection.card_id ?? 'unread',
        line: JSON.stringify(rejection),
      })),
    );
  return {
    verdicts,
    output,
    rejects,
    // A file that cannot be written says so when it is ended.
    reject: (make) => (heard) => void rejects([make(heard)]).catch(() => undefined),
    end: async () => {
      await verdicts.end();
      await rejected.end();
    },
  };
}
