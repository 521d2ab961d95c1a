import { createHash } from 'node:crypto';
import { aggregate } from '../../dist/kpl/aggregate.js';
import { seeded } from './random-records.ts';

const whole = aggregate([
  { partitionKey: 'pk1', data: Buffer.from('one') },
  { partitionKey: 'pk2', explicitHashKey: '5', data: Buffer.from('two') },
  { partitionKey: 'pk1', data: Buffer.alloc(130, 'x') },
]);
/** Where tags, lengths and indexes stand, which are worth bending more often than the data. */
const TABLES_BYTES = 40;

/** Aggregates whose message has one to three bytes changed, some cut short, under a right MD5. */
export function bentAggregates(count: number, seed: number): readonly Buffer[] {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, () => {
    const message = Buffer.from(whole.subarray(4, -16));
    for (let bends = 1 + below(3); bends > 0; bends -= 1) {
      message[below(random() < 0.5 ? TABLES_BYTES : message.length)] = below(256);
    }
    return sealed(message.subarray(0, random() < 0.5 ? message.length : 1 + below(message.length)));
  });
}

function sealed(message: Buffer): Buffer {
  const digest = createHash('md5').update(message).digest();
  return Buffer.concat([whole.subarray(0, 4), message, digest]);
}
