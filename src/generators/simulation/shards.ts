import { FraudCampaigns } from '../fraud/campaigns.ts';
import type { Numbers } from '../fraud/scenario.ts';
import { Random } from '../numbers/random.ts';
import { Arrivals, BusyTime } from '../spending/arrival-times.ts';
import { FlashSales } from '../spending/flash-sales.ts';
import { Genuine } from '../spending/genuine.ts';
import { Losses } from '../spending/losses.ts';
import { Subscriptions } from '../spending/subscriptions.ts';
import { VIRTUAL_SHARDS } from './card-statuses.ts';
import { EventQueue } from './event-queue.ts';
import type { Scene } from './scene.ts';
import { ShardCards, VirtualShard } from './shard.ts';

/** For each arrival so many transactions: second tries, more of the same, refunds and completions come on top. Measured. */
const FOLLOWED = 1.078;

/** Random numbers of those who lose their cards; those of frauds come before. */
const LOSSES_STREAM = 1000 * VIRTUAL_SHARDS;

/** No campaign takes longer from its beginning to what is marked. */
const LONGEST_LEAD_MS = 50 * 86_400_000;

/** How much happens, and which part of the shards to simulate. */
export interface Extent {
  readonly transactionsPerSecond: number;
  readonly fraudRate: number;
  /** What each kind of fraud is like, in the order of the list of scenarios. */
  readonly crimes: readonly Numbers[];
  readonly partition: { readonly index: number; readonly of: number };
}

/** The virtual shards of a partition, each at its first transaction; those without cards are left out. */
export function shards(world: Scene & Extent): readonly VirtualShard[] {
  const totalActivity = world.cards.activity.reduce((sum, activity) => sum + activity, 0);
  const { index, of } = world.partition;
  const busyTime = new BusyTime(world.startAt - LONGEST_LEAD_MS);
  const found: VirtualShard[] = [];
  for (
    let shardIndex = index;
    shardIndex < Math.min(VIRTUAL_SHARDS, world.cards.count);
    shardIndex += of
  ) {
    const cards = new ShardCards(world.cards, shardIndex, world.key);
    const perMs = ((cards.activity / totalActivity) * world.transactionsPerSecond) / 1000;
    const eventQueue = new EventQueue();
    addHonest(eventQueue, world, cards, [shardIndex, perMs * (1 - world.fraudRate)]);
    addOffenders(eventQueue, world, cards, { shardIndex, busyTime });
    found.push(new VirtualShard(shardIndex, eventQueue, cards.statuses, world.startAt));
  }
  return found;
}

/** Which shard, and how much happens in it. */
type ShardRate = readonly [shard: number, perMs: number];

// Each has random numbers of their own, so that one more changes no other.
function addHonest(
  eventQueue: EventQueue,
  scene: Scene,
  cards: ShardCards,
  [shard, perMs]: ShardRate,
) {
  const { subscriptions: share, flashSales } = scene.habits;
  const random = new Random(scene.key, shard);
  const arrivals = new Arrivals(
    scene.calendar,
    cards,
    random,
    (perMs * (1 - share - flashSales)) / FOLLOWED,
  );
  eventQueue.add(new Genuine(scene, cards, arrivals, random), arrivals.next(scene.startAt));
  const own = new Random(scene.key, VIRTUAL_SHARDS + shard);
  const subscriptions = new Subscriptions(scene, cards, own, perMs * share);
  eventQueue.add(subscriptions, subscriptions.first(scene.startAt));
  const rush = new Random(scene.key, 2 * VIRTUAL_SHARDS + shard);
  const sales = new FlashSales(scene, cards, rush, perMs * flashSales);
  eventQueue.add(sales, sales.next(scene.startAt));
  const chance = new Random(scene.key, LOSSES_STREAM + shard);
  const losses = new Losses(scene, cards, chance);
  eventQueue.add(losses, losses.next(scene.startAt));
}

function addOffenders(
  eventQueue: EventQueue,
  world: Scene & Extent,
  cards: ShardCards,
  { shardIndex: shard, busyTime }: { readonly shardIndex: number; readonly busyTime: BusyTime },
): void {
  const perMs = (world.transactionsPerSecond * world.fraudRate) / 1000;
  const shardIndex = { shard, of: Math.min(VIRTUAL_SHARDS, world.cards.count) };
  for (const [kind, numbers] of world.crimes.entries()) {
    const random = new Random(world.key, (kind + 3) * VIRTUAL_SHARDS + shard);
    const dependencies = { scene: world, cards, random, numbers };
    const offenders = new FraudCampaigns(
      kind,
      dependencies,
      perMs * numbers.share,
      shardIndex,
      busyTime,
    );
    eventQueue.add(offenders, offenders.next());
  }
}
