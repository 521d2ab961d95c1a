import { Offenders } from '../fraud/offenders.ts';
import { scenarios } from '../fraud/scenarios.ts';
import { Random } from '../numbers/random.ts';
import { Genuine } from '../spending/genuine.ts';
import { Agenda } from './agenda.ts';
import type { Scene } from './scene.ts';
import { Shard, VIRTUAL_SHARDS } from './shard.ts';
import { ShardCards } from './shard-cards.ts';

/** How much happens, and which part of the shards to simulate. */
export interface Extent {
  readonly transactionsPerSecond: number;
  readonly fraudRate: number;
  readonly partition: { readonly index: number; readonly of: number };
}

/** The virtual shards of a partition, each at its first transaction; those without cards are left out. */
export function shards(scene: Scene, extent: Extent): readonly Shard[] {
  const totalActivity = scene.cards.activity.reduce((sum, activity) => sum + activity, 0);
  const { index, of } = extent.partition;
  const found: Shard[] = [];
  for (let place = index; place < Math.min(VIRTUAL_SHARDS, scene.cards.count); place += of) {
    const cards = new ShardCards(scene.cards, place);
    const share = cards.activity / totalActivity;
    const perMs = (share * extent.transactionsPerSecond) / 1000;
    found.push(new Shard(place, agendaOf(scene, cards, place, perMs, extent.fraudRate)));
  }
  return found;
}

/** Everybody who acts in a shard; each with random numbers of their own, so that one more changes no other. */
function agendaOf(
  scene: Scene,
  cards: ShardCards,
  shard: number,
  perMs: number,
  fraudRate: number,
): Agenda {
  const agenda = new Agenda();
  const random = new Random(scene.key, shard);
  const genuine = new Genuine(scene, cards, random, perMs * (1 - fraudRate));
  agenda.add(genuine, genuine.next(scene.startAt));
  for (const [kind, { share }] of scenarios.entries()) {
    const stream = (kind + 1) * VIRTUAL_SHARDS + shard;
    const crime = { scene, cards, random: new Random(scene.key, stream), campaign: stream };
    const step = VIRTUAL_SHARDS * (scenarios.length + 1);
    const offenders = new Offenders(kind, crime, perMs * fraudRate * share, step);
    agenda.add(offenders, offenders.next(scene.startAt));
  }
  return agenda;
}
