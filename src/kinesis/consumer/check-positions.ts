import { FraudstreamError } from '../../errors.ts';
import type { Shard } from '../put-client.ts';
import type { Position } from '../read-client.ts';

/**
 * Throws unless the positions of a checkpoint can be of this stream.
 *
 * A shard that the stream no longer has is no contradiction: it was closed, and its records are past
 * the retention. One that is newer than all of the stream's never was there.
 * Errors: `bad-data`.
 */
export function checkPositions(
  positions: ReadonlyMap<string, Position | 'end'>,
  shards: readonly Shard[],
): void {
  const known = new Map(shards.map((shard) => [shard.shardId, shard]));
  const newest = [...known.keys()].sort().at(-1) ?? '';
  for (const [shardId, position] of positions) {
    const shard = known.get(shardId);
    if (!shard && shardId > newest) {
      throw contradicted(`names ${shardId}, but the newest shard is ${newest || 'none'}`);
    }
    if (shard?.isOpen && position === 'end') {
      throw contradicted(`says that ${shardId} was read to its end, but the shard is open`);
    }
  }
}

function contradicted(how: string): FraudstreamError {
  const message = `The checkpoint does not fit the stream: it ${how}. The stream may have been deleted and created again: then delete the checkpoint to start over.`;
  return new FraudstreamError('bad-data', message);
}
