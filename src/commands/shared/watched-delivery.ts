import type { DeliveryDependencies, DeliveryResult } from '../../kinesis/producer/produce.ts';
import type { DeliverySummary } from '../../metrics/delivery.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import type { ProgressMoment } from '../../report/progress.ts';
import type { AbortOnThreshold } from './abort-on-threshold.ts';
import type { Observers } from './observed.ts';
import { deliveryMoment, type ProgressValues, shownProgress } from './progress.ts';
import type { ReportValues } from './write-report.ts';

/** Who is called while a delivery goes on. */
type Watch = Required<Pick<DeliveryDependencies, 'onStart' | 'onReceipts'>>;

/**
 * Runs a delivery with its progress on stderr, its receipts on stdout where `--output ndjson` asks
 * for them, and `--abort-on-fail`; `total` is how many records there will be, where that is known.
 */
export async function watchedDelivery<Result extends DeliveryResult>(
  total: number | undefined,
  values: ProgressValues & Pick<ReportValues, 'output'>,
  guard: AbortOnThreshold,
  observers: Observers,
  run: (watch: Watch) => Promise<Result>,
): Promise<Result> {
  const { runtime } = guard;
  const { clock, out } = runtime;
  let progress: { stop(): void } | undefined;
  try {
    return await run({
      onStart: (delivery, startedAt, series) => {
        const newMoment = (): ProgressMoment => deliveryMoment(delivery, clock);
        const summary = (): DeliverySummary => delivery.summary((clock.now() - startedAt) / 1000);
        progress = shownProgress(newMoment(), total, values, runtime);
        guard.watch(() => ({ delivery: summary() }));
        const figures = (): object => ({ delivery: summary(), series: series.summary() });
        observers.watch({ figures, newMoment, total });
      },
      onReceipts: async (receipts) => {
        if (values.output !== 'ndjson') return;
        await out.write(receipts.map((each) => `${JSON.stringify(snakeCased(each))}\n`).join(''));
      },
    });
  } finally {
    guard.end();
    progress?.stop();
  }
}
