import type { StopSignal } from '../exit-codes.ts';
import type { LoadMeter } from '../pipeline-test/load-sampler.ts';
import type {
  EnvironmentFacts,
  ReportDocument,
  ReportedSetting,
} from '../report/document/report-document.ts';
import type { StatusLine } from '../report/status-line.ts';
import type { Processes } from '../storage/process-identity.ts';
import type { Clock } from '../stream/clock.ts';
import type { Secrets } from '../text/secrets.ts';

/** Where text or bytes go: stdout or stderr. */
export interface Writer {
  readonly isTty: boolean;
  /** A terminal that wants colours: `NO_COLOR` is not set. */
  readonly hasColours: boolean;
  /** Characters in a line; 80 where nobody knows. */
  readonly columns: number;
  /** The reader has gone: what is written is lost. */
  readonly isGone: boolean;
  /** The last line of the terminal, which `write` and `print` take away; absent elsewhere. */
  readonly statusLine?: StatusLine;
  /**
   * Data, and what a terminal is to obey, as they are.
   *
   * Resolves when more may be written, at once if the reader has gone; stdout rejects on a full disk.
   */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Lines for people: secrets are redacted, what a terminal would obey is shown (`printable`). */
  print(...lines: readonly string[]): Promise<void>;
}

/** What a report says of how it was made. */
export interface About {
  readonly version?: string;
  readonly environment?: EnvironmentFacts;
  readonly configuration?: readonly ReportedSetting[];
  /** What was given as flags, as a shell takes it, without secrets. */
  readonly commandLine?: string;
}

/**
 * What a command may touch of the world. `main` hands in the real one, tests a fake.
 *
 * `stop` aborts on the first Ctrl-C, SIGTERM or SIGHUP, and when the reader of stdout has gone: take no
 * more in, finish what is under way, report. (The second signal ends the process.)
 * `random` is unseeded: draw a seed from it, and nothing else that a report should repeat.
 */
export interface Runtime {
  readonly clock: Clock;
  /** The same time, with sleeps that end within a tenth of a millisecond: for requests that are timed. */
  readonly paceClock: Clock;
  readonly random: () => number;
  readonly input: AsyncIterable<Uint8Array>;
  readonly out: Writer;
  /** What cannot be written to it is lost: there is nobody else to tell. */
  readonly err: Writer;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  /** The signal that stopped the process; undefined while there was none. */
  readonly stoppedBy?: () => StopSignal | undefined;
  /** Starts to watch how hard this process works. */
  readonly meter: () => LoadMeter;
  readonly processes: Processes;
  readonly about?: About;
  /** What no output may show; the settings of the command are among them. */
  readonly secrets: Secrets;
  /** Gets the report of the command, for those who watch the run. */
  readonly onReport?: (report: ReportDocument) => void;
}
