import { Latency, type LatencySummary } from './latency.ts';

/** A point of a pace: so many a second at that time after the start. */
interface Point {
  readonly perSecond: number;
  readonly atMs: number;
}

/** Figures of one stage of a pace. */
export interface StageSummary {
  readonly stage: string;
  readonly durationSeconds: number;
  readonly targetPerSecond: number;
  readonly sent: number;
  readonly achievedPerSecond: number;
  readonly response: LatencySummary;
}

interface Part {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stage: string;
  readonly perSecond: number;
  readonly response: Latency;
  sent: number;
}

/** Folds records into the stages of their pace. */
export class Stages {
  readonly #parts: readonly Part[];

  constructor(points: readonly Point[]) {
    let before: Point = { perSecond: points[0]?.perSecond ?? 0, atMs: 0 };
    this.#parts = points.flatMap((point) => {
      const part = partBetween(before, point);
      before = point;
      return part.toMs > part.fromMs ? [part] : [];
    });
  }

  /** A record was due so long after the start. */
  addSent(dueMs: number): void {
    const part = this.#partAt(dueMs);
    if (part) part.sent += 1;
  }

  /** A record that was due so long after the start had its answer so much later. */
  addResponse(dueMs: number, responseMs: number): void {
    this.#partAt(dueMs)?.response.add(responseMs);
  }

  summary(): readonly StageSummary[] {
    return this.#parts.map(({ stage, fromMs, toMs, perSecond, sent, response }) => ({
      stage,
      durationSeconds: (toMs - fromMs) / 1000,
      targetPerSecond: perSecond,
      sent,
      achievedPerSecond: (1000 * sent) / (toMs - fromMs),
      response: response.summary(),
    }));
  }

  #partAt(dueMs: number): Part | undefined {
    return this.#parts.find(({ toMs }) => dueMs < toMs) ?? this.#parts.at(-1);
  }
}

function partBetween(from: Point, to: Point): Part {
  return {
    fromMs: from.atMs,
    toMs: to.atMs,
    stage: `${from.perSecond}/s to ${to.perSecond}/s by ${to.atMs / 1000} s`,
    // The rate goes in a straight line.
    perSecond: (from.perSecond + to.perSecond) / 2,
    response: new Latency(),
    sent: 0,
  };
}
