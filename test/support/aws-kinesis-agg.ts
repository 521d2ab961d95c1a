import { createRequire } from 'node:module';
import type { AggregableRecord } from '../../dist/kpl/open-aggregate.js';

/** As the module behaves; its own declarations need packages that it does not bring. */
interface Peer {
  aggregate(
    records: readonly AggregableRecord[],
    onEncoded: (encoded: { readonly data: Buffer }, done: () => void) => void,
    onEnd: () => void,
    onError: (error: Error) => void,
  ): void;
  deaggregateSync(
    kinesisRecord: { readonly data: string },
    computeChecksums: boolean,
    onEnd: (error: Error | null, records?: readonly PeerRecord[]) => void,
  ): void;
}

interface PeerRecord {
  readonly partitionKey: string;
  readonly explicitPartitionKey?: string;
  readonly data: string;
}

const peer: Peer = createRequire(import.meta.url)('aws-kinesis-agg');

/** The records of an aggregate as aws-kinesis-agg reads them; a missing hash key stays missing. */
export function readByPeer(aggregate: Buffer): readonly AggregableRecord[] {
  let found: readonly PeerRecord[] = [];
  peer.deaggregateSync({ data: aggregate.toString('base64') }, true, (error, records) => {
    if (error) throw error;
    found = records ?? [];
  });
  return found.map(({ partitionKey, explicitPartitionKey, data }) => {
    const record = { partitionKey, data: Buffer.from(data, 'base64') };
    const hasHash = explicitPartitionKey !== undefined;
    return hasHash ? { ...record, explicitHashKey: explicitPartitionKey } : record;
  });
}

/** The aggregates, one or more, that aws-kinesis-agg makes of the records. */
export function writtenByPeer(records: readonly AggregableRecord[]): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const aggregates: Buffer[] = [];
    const keep = ({ data }: { readonly data: Buffer }, done: () => void): void => {
      aggregates.push(data);
      done();
    };
    peer.aggregate(
      records.map((record) => ({ ...record })),
      keep,
      () => resolve(aggregates),
      reject,
    );
  });
}
