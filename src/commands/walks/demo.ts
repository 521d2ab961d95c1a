import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { userRecords } from '../../generators/user-records.ts';
import { producerDefaults } from '../../kinesis/producer/producer-settings.ts';
import { Delivery } from '../../reporting/delivery.ts';
import { deliveryText } from '../../reporting/delivery-text.ts';
import { count, perSecond } from '../../reporting/format.ts';
import { Reconciliation } from '../../reporting/reconciliation.ts';
import { reconciliationText } from '../../reporting/reconciliation-text.ts';
import type { Outside } from '../outside.ts';
import { deliveryProgress, type ProgressValues } from './delivery-progress.ts';
import { madeWorld, type WorldValues } from './made-world.ts';
import { paced } from './paced.ts';
import { type ReportValues, writeReport } from './report.ts';
import { roundTrip } from './round-trip.ts';
import { openLocal, type StreamValues } from './stream.ts';

/** Everything that `demo` can be told. */
export interface DemoValues
  extends Pick<StreamValues, 'shards' | 'fault'>,
    WorldValues,
    ProgressValues,
    ReportValues {
  readonly rate: number;
  readonly count: number;
}

/** The whole story on one machine: put to an embedded stream, read back, compare by id. */
export async function demo(values: DemoValues, outside: Outside): Promise<ExitCode> {
  const { made, seed } = await madeWorld(values, outside);
  const stream = await openLocal({ stream: 'transactions', ...values });
  const delivery = new Delivery();
  const reconciliation = new Reconciliation();
  const story = `${count(values.count)} transactions (seed ${seed}) at ${perSecond(values.rate)} to an ${stream.place}, and back`;
  await outside.err.write(`${story}\n`);
  const shown = deliveryProgress(delivery, values.count, values, outside);
  const startedAt = outside.clock.now();
  const pace = { ...values, stages: undefined, duration: undefined };
  const trip = { stream, producer: producerDefaults, delivery, reconciliation };
  try {
    await roundTrip(paced(userRecords(made), pace, outside), trip, outside);
  } finally {
    shown.stop();
    await stream.close();
  }
  const summary = delivery.summary((outside.clock.now() - startedAt) / 1000);
  const reconciled = reconciliation.summary();
  const text = [story, ...deliveryText(summary), '', ...reconciliationText(reconciled)];
  const figures = { seed, delivery: summary, reconciliation: reconciled };
  await writeReport('demo', figures, text, values, outside);
  const isHeld = summary.failed === 0 && reconciled.missing === 0 && reconciled.unknown === 0;
  return isHeld ? exitCodes.held : exitCodes.undelivered;
}
