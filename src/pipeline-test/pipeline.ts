import type { PutClient } from '../kinesis/put-client.ts';
import type { Label } from '../transactions/label.ts';
import type { VerdictSource } from './verdict-sources/verdict-source.ts';

/** A pipeline from outside: where transactions go in, and where verdicts and dead letters come out. */
export interface Pipeline {
  readonly input: PutClient;
  readonly verdicts: VerdictSource;
  /** The dead letters, if they are to be read. */
  readonly rejects?: VerdictSource | undefined;
  /**
   * Gives the engine labels before their transactions are put, so that it learns reported frauds at their
   * `reported_at`; absent where the pipeline takes none. Resolves when it has them.
   */
  readonly learn?: ((labels: readonly Label[]) => Promise<void>) | undefined;
}
