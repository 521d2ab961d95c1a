import cliProgress from 'cli-progress';
import type { Clock } from '../stream/clock.ts';
import { StatusLine } from './status-line.ts';

/** `auto` is a bar on a terminal and text elsewhere. */
export type ProgressForm = 'auto' | 'bar' | 'text' | 'none';

/** Where progress is shown: stderr, or a stand-in. */
export interface Screen {
  readonly isTty: boolean;
  readonly columns: number;
  /** That of the terminal, which other output takes away; absent where nothing else is written. */
  readonly statusLine?: StatusLine;
  write(text: string): unknown;
}

/** Shows how far a run has come, until stopped. */
export interface Progress {
  stop(): void;
}

/** Progress of a run: records so far, and current figures. */
export type ProgressMoment = () => { readonly done: number; readonly text: string };

const BAR_EVERY_MS = 200;
const TEXT_EVERY_MS = 5_000;
/** Blocks of a bar: with the times of a run and its figures it fits into 80 columns. */
const BAR_WIDTH = 10;
const barOptions = {
  barsize: BAR_WIDTH,
  barCompleteString: '█'.repeat(BAR_WIDTH),
  barIncompleteString: '░'.repeat(BAR_WIDTH),
  barGlue: '',
};

/**
 * Shows moments of a run: a bar five times a second, or a line of text every five seconds.
 *
 * Both have the time since the start and, with a `total`, the share and the time that is left.
 */
export function progress(
  form: ProgressForm,
  total: number | undefined,
  moment: ProgressMoment,
  screen: Screen,
  clock: Clock,
): Progress {
  if (form === 'none') return { stop: () => undefined };
  const isBar = form === 'bar' || (form === 'auto' && screen.isTty);
  const startedAt = clock.now();
  if (!isBar) {
    return every(TEXT_EVERY_MS, clock, () => {
      screen.write(`${momentLine(moment(), total, clock.now() - startedAt)}\n`);
    });
  }
  const line = screen.statusLine ?? new StatusLine(screen);
  const ticker = every(BAR_EVERY_MS, clock, () => {
    const now = moment();
    const blocks = total === undefined ? '' : `${barOf(now.done, total)} `;
    line.show(`${blocks}${momentLine(now, total, clock.now() - startedAt)}`);
  });
  return {
    stop: () => {
      ticker.stop();
      line.end();
    },
  };
}

/** Returns a moment as one line: `25 %, 0:05, 0:15 left, 464/s, 0 errors`. */
export function momentLine(
  { done, text }: ReturnType<ProgressMoment>,
  total: number | undefined,
  elapsedMs: number,
): string {
  const share = shareOf(done, total);
  const left = share === undefined || share === 0 ? [] : [(elapsedMs / share) * (1 - share)];
  const parts = [
    ...(share === undefined ? [] : [`${Math.floor(100 * share)} %`]),
    timeOf(elapsedMs),
    ...left.map((ms) => `${timeOf(ms)} left`),
    text,
  ];
  return parts.join(', ');
}

/** What is done of all; more than was planned is no more than all. */
export function shareOf(done: number, total: number | undefined): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.min(done, total) / total;
}

/** `75000` ms is `1:15`, and an hour more `1:01:15`. */
function timeOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function barOf(done: number, total: number): string {
  return cliProgress.Format.BarFormat(shareOf(done, total) ?? 1, barOptions);
}

function every(ms: number, clock: Clock, show: () => void): Progress {
  const stop = new AbortController();
  void (async () => {
    for (;;) {
      await clock.sleep(ms, stop.signal);
      if (stop.signal.aborted) return;
      show();
    }
  })();
  return { stop: () => stop.abort() };
}
