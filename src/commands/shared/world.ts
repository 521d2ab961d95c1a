import { createHash } from 'node:crypto';
import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { worldFile } from '../../files/world-file.ts';
import { type World, type WorldSettings, world } from '../../generators/world.ts';
import type { worldSettings } from './flags/world-flags.ts';

/** The flags of a generated world. */
export type WorldValues = Values<typeof worldSettings>;

/** The world of the flags, and its seed: drawn where none is given, so that it can be told. */
export async function madeWorld(
  values: WorldValues,
  runtime: Pick<Runtime, 'random'>,
): Promise<{ readonly made: World; readonly seed: number; readonly file: string | undefined }> {
  const settings = await worldOf(values, runtime);
  const { scenarios, habits } = settings;
  const file = values.world === undefined ? undefined : digestOf({ scenarios, habits });
  return { made: await world(settings), seed: settings.seed, file };
}

/** Tells the contents of world files apart, wherever they lie. */
function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/**
 * The settings of the world of the flags; what nobody said is left to the world.
 *
 * Errors: `usage` for a slice of a world that nobody else can make.
 */
export async function worldOf(
  { seed, start, countries, partition, ...values }: WorldValues,
  { random }: Pick<Runtime, 'random'>,
): Promise<WorldSettings & { readonly seed: number }> {
  if (partition && partition.of > 1 && seed === undefined) {
    const message = '--partition needs --seed: the slices must be of the same world.';
    throw new FraudstreamError('usage', message);
  }
  const { cards, merchants, fraudRate, ipSpace, scenario, world: file } = values;
  const { scenarios = {}, habits } = file === undefined ? {} : await worldFile(file);
  const shares = [...(scenario ?? [])].map(([name, share]) => [
    name,
    { ...scenarios[name], share },
  ]);
  return {
    seed: seed ?? Math.floor(random() * 2 ** 32),
    cards,
    merchants,
    fraudRate,
    ipSpace,
    scenarios: { ...scenarios, ...Object.fromEntries(shares) },
    ...(habits && { habits }),
    ...(start !== undefined && { start }),
    ...(countries && { countries }),
    ...(partition && { partition }),
  };
}
