import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionDraft } from '../simulation/draft.ts';
import { drafts } from '../simulation/merge-shards.ts';
import { type World, world } from '../world.ts';
import { BlockWriter } from './block-buffers.ts';
import { emptyBlock, type LineBlock } from './line-block.ts';
import { WindowExchange } from './window-exchange.ts';
import { WindowWriter } from './window-writer.ts';

const form = { format: 'ndjson', labels: 'none' } as const;
const made = await world({ seed: 1, cards: 500 });
const shape = { lines: 1024, hasLabels: false };
const some = firstDrafts(made, 3000);

function firstDrafts(scene: World, most: number): readonly TransactionDraft[] {
  const found: TransactionDraft[] = [];
  for (const group of drafts(scene, Number.POSITIVE_INFINITY)) {
    found.push(...group.map((draft) => draft.copy()));
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** A writer of two threads' drafts that remembers what it sent: keys by window. */
function observed(blocks: number) {
  const windowExchange = new WindowExchange(2);
  const sent: { window: number; keys: readonly number[]; isLast: boolean }[] = [];
  const ends: number[] = [];
  const free = Array.from({ length: blocks }, () => emptyBlock(shape));
  const writer = new WindowWriter(windowExchange, new BlockWriter(made, form), {
    take: () => free.pop(),
    send: (window: number, block: LineBlock | undefined, isLast: boolean) => {
      sent.push({ window, keys: block ? [...block.keys.subarray(0, block.count)] : [], isLast });
    },
    end: (window: number) => ends.push(window),
  });
  const give = (
    thread: number,
    window: number,
    rows: readonly TransactionDraft[],
    isLast: boolean,
  ): void => {
    const target = windowExchange.free(thread, window);
    assert.ok(target, 'there is room');
    for (const [row, draft] of rows.entries()) target.write(row, draft);
    windowExchange.publish(thread, window, rows.length, isLast);
  };
  return { windowExchange, writer, give, sent, ends, free };
}

const keys = some.map(({ atMs, sequence }) => atMs * 64 + (sequence % 64));
const odd = some.filter((_, index) => index % 2 === 1);
const even = some.filter((_, index) => index % 2 === 0);

test('drafts of two threads become lines in order, also where they come in parts', () => {
  const { writer, give, sent } = observed(3);
  give(0, 0, even.slice(0, 700), false);
  assert.equal(writer.advance(), false, 'nothing is written before all threads have told');
  give(1, 0, odd, true);
  assert.equal(writer.advance(), true);
  assert.equal(writer.advance(), false, 'the rest of the first thread is missing');
  give(0, 0, even.slice(700), true);
  while (writer.advance());
  assert.deepEqual(
    sent.flatMap((block) => block.keys),
    keys,
  );
  assert.deepEqual(
    sent.map(({ isLast }) => isLast),
    [false, false, true],
  );
});

test('without a block the writer waits, and goes on where it was', () => {
  const { writer, give, sent, free } = observed(1);
  give(0, 0, even, true);
  give(1, 0, odd, true);
  while (writer.advance());
  assert.equal(sent.length, 1);
  assert.equal(sent[0]?.keys.length, shape.lines);
  free.push(emptyBlock(shape), emptyBlock(shape));
  while (writer.advance());
  assert.deepEqual(
    sent.flatMap((block) => block.keys),
    keys,
  );
});

test('an empty window is told, and the end once all threads have ended', () => {
  const { windowExchange, writer, give, sent, ends } = observed(1);
  give(0, 0, [], true);
  windowExchange.endAt(1, 0);
  assert.equal(writer.advance(), true);
  assert.deepEqual(sent, [{ window: 0, keys: [], isLast: true }]);
  assert.equal(writer.advance(), false, 'the first thread may go on');
  windowExchange.endAt(0, 1);
  assert.equal(writer.advance(), true);
  assert.deepEqual(ends, [1]);
  assert.equal(writer.isOver, true);
});

test('rows of a window are no rows of a later one in the same place, and are freed when read', () => {
  const windowExchange = new WindowExchange(1);
  windowExchange.publish(0, 0, 0, true);
  const later = Array.from({ length: 20 }, (_, index) => index + 1);
  const depth = later.find((window) => windowExchange.free(0, window) === undefined) ?? 0;
  assert.ok(depth > 1);
  assert.equal(windowExchange.published(0, depth), undefined);
  assert.equal(windowExchange.published(0, 0)?.count, 0);
  windowExchange.release(0, 0);
  assert.ok(windowExchange.free(0, depth));
});
