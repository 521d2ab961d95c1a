import { parentPort, workerData } from 'node:worker_threads';

/** What the thread shares with its owner: the number of the latest order, and how long it asks for. */
export interface AlarmMemory {
  readonly order: Int32Array;
  readonly waitMs: Float64Array;
}

const { order, waitMs }: AlarmMemory = workerData;
/** Weight of the latest wait in what the kernel adds to one, its timer slack of mostly 50 us. */
const WEIGHT = 0.1;
const LONGEST_SLACK_MS = 0.1;

let seen = 0;
let slackMs = 0;
// The owner counts on the thread from its first message on, which answers no order.
parentPort?.postMessage(seen);
for (;;) {
  Atomics.wait(order, 0, seen);
  seen = Atomics.load(order, 0);
  const endAt = performance.now() + (waitMs[0] ?? 0);
  if (isWaitedFor(endAt)) parentPort?.postMessage(seen);
}

/** True at the instant, false as soon as there is a newer order. */
function isWaitedFor(endAt: number): boolean {
  while (Atomics.load(order, 0) === seen) {
    const ms = endAt - slackMs - performance.now();
    if (ms <= 0) return true;
    // What ends a wait early may be the notice of this very order, which was read before it came.
    if (Atomics.wait(order, 0, seen, ms) !== 'timed-out') continue;
    const addedMs = performance.now() - (endAt - slackMs);
    slackMs = Math.min(LONGEST_SLACK_MS, slackMs + WEIGHT * (addedMs - slackMs));
    return true;
  }
  return false;
}
