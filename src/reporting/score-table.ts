/** Distinct scores that are kept as they are. */
const MOST_DISTINCT = 20_000;
/** Beyond that scores are rounded down to this grid. */
const GRID = 10_000;

/**
 * How many genuine transactions and frauds have each score, in the order of scores.
 *
 * `resolution` is 0 where every score is kept as it is, else the step to which all are rounded down.
 */
export interface ScoreCounts {
  readonly resolution: number;
  readonly score: readonly number[];
  readonly genuine: readonly number[];
  readonly frauds: readonly number[];
}

interface Cell {
  genuine: number;
  frauds: number;
}

/**
 * Counts by score, in bounded memory: exact up to 20,000 distinct scores, then on a grid of 0.0001.
 *
 * Which of the two it is depends on all scores alone, not on their order: tables merge.
 */
export class ScoreTable {
  #cells = new Map<number, Cell>();
  #isExact = true;

  add(score: number, genuine: number, frauds: number): void {
    const key = this.#isExact ? score : rounded(score);
    const cell = this.#cells.get(key);
    if (cell) {
      cell.genuine += genuine;
      cell.frauds += frauds;
      return;
    }
    this.#cells.set(key, { genuine, frauds });
    if (this.#isExact && this.#cells.size > MOST_DISTINCT) this.#round();
  }

  addCounts({ resolution, score, genuine, frauds }: ScoreCounts): void {
    if (resolution > 0 && this.#isExact) this.#round();
    for (const [place, value] of score.entries()) {
      this.add(value, genuine[place] ?? 0, frauds[place] ?? 0);
    }
  }

  counts(): ScoreCounts {
    const rows = [...this.#cells].sort(([a], [b]) => a - b);
    return {
      resolution: this.#isExact ? 0 : 1 / GRID,
      score: rows.map(([score]) => score),
      genuine: rows.map(([, cell]) => cell.genuine),
      frauds: rows.map(([, cell]) => cell.frauds),
    };
  }

  #round(): void {
    const exact = this.#cells;
    this.#cells = new Map();
    this.#isExact = false;
    for (const [score, { genuine, frauds }] of exact) this.add(score, genuine, frauds);
  }
}

/** Down, so that a threshold on the grid has the same scores on either side. */
function rounded(score: number): number {
  return Math.floor(score * GRID) / GRID;
}
