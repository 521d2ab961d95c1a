import { SingleBar } from 'cli-progress';
import type { Clock } from '../stream/clock.ts';

/** `auto` is a bar on a terminal and text elsewhere. */
export type ProgressForm = 'auto' | 'bar' | 'text' | 'none';

/** Where progress is shown: stderr, or a stand-in. */
export interface Screen {
  readonly isTty: boolean;
  readonly columns: number;
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

/**
 * Shows moments of a run: a bar five times a second, or a line of text every five seconds.
 *
 * Without a `total` the bar is left out and the figures stay.
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
  return isBar ? bar(total, moment, screen, clock) : text(total, moment, screen, clock);
}

function text(
  total: number | undefined,
  moment: ProgressMoment,
  screen: Screen,
  clock: Clock,
): Progress {
  return every(TEXT_EVERY_MS, clock, () => {
    const now = moment();
    screen.write(`${share(now.done, total)}${now.text}\n`);
  });
}

function share(done: number, total: number | undefined): string {
  return total === undefined ? '' : `${Math.floor((100 * Math.min(done, total)) / total)} %, `;
}

function bar(
  total: number | undefined,
  moment: ProgressMoment,
  screen: Screen,
  clock: Clock,
): Progress {
  const single = new SingleBar({
    format: total === undefined ? '{figures}' : '{bar} {percentage} % | {figures}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    // Redrawn when there is a moment to show, not by a timer of its own.
    noTTYOutput: true,
    stream: terminal(screen),
  });
  const most = total ?? 1;
  single.start(most, 0, { figures: '' });
  const ticker = every(BAR_EVERY_MS, clock, () => {
    const { done, text: figures } = moment();
    single.update(Math.min(done, most), { figures });
  });
  return {
    stop: () => {
      ticker.stop();
      single.stop();
    },
  };
}

/** As much of a terminal stream as cli-progress uses. */
function terminal(screen: Screen): NodeJS.WriteStream {
  const stream = {
    isTTY: screen.isTty,
    get columns() {
      return screen.columns;
    },
    write: (chunk: string) => {
      screen.write(chunk);
      return true;
    },
    on: () => stream,
    removeListener: () => stream,
  };
  return stream as unknown as NodeJS.WriteStream;
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
