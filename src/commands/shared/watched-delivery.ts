import type { DeliveryDependencies, DeliveryResult } from '../../kinesis/producer/produce.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import type { AbortOnThreshold } from './abort-on-threshold.ts';
import { deliveryProgress, type ProgressValues } from './progress.ts';
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
  run: (watch: Watch) => Promise<Result>,
): Promise<Result> {
  const { runtime } = guard;
  const { clock, out } = runtime;
  let progress: { stop(): void } | undefined;
  try {
    return await run({
      onStart: (delivery, startedAt) => {
        progress = deliveryProgress(delivery, total, values, runtime);
        guard.watch(() => ({ delivery: delivery.summary((clock.now() - startedAt) / 1000) }));
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
