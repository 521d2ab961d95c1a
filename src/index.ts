/**
 * The library: the rooms that other programs use, under the names the command line uses.
 *
 * Heavy packages (the AWS SDK, faker) load with the functions that need them, not with this file.
 */
export { type AddressTable, addressTable } from './addresses/address-table.ts';
export { ipRanges } from './addresses/ip-ranges.ts';
export { type IpSpace, ipSpaces } from './addresses/ip-space.ts';
export { type AddressKind, addressKinds, type Network } from './addresses/network.ts';
export { aggregate } from './aggregation/aggregate.ts';
export { type Deaggregated, deaggregate } from './aggregation/deaggregate.ts';
export { type AggregableRecord, OpenAggregate } from './aggregation/open-aggregate.ts';
export { type OuterRecord, outerRecord } from './aggregation/outer-record.ts';
export { type ExitCode, exitCodes } from './exit-codes.ts';
export { type ErrorCode, FraudstreamError } from './fraudstream-error.ts';
export { type LineSettings, lineBlocks } from './generators/line-blocks.ts';
export { type LineBlock, linesOf } from './generators/lines/block.ts';
export { headersOf, type LineForm } from './generators/lines/line-form.ts';
export { type LabelledTransaction, transactions } from './generators/transactions.ts';
export { userRecords } from './generators/user-records.ts';
export { type World, type WorldSettings, world } from './generators/world.ts';
export { type ConsumeSettings, consume, type ShardBatch } from './kinesis/consume.ts';
export { type ProducerSettings, producerDefaults } from './kinesis/producer/producer-settings.ts';
export type { PutMeans } from './kinesis/producer/put-means.ts';
export { put } from './kinesis/put.ts';
export type { PutAnswer, PutClient } from './kinesis/put-client.ts';
export type { Position, ReadClient } from './kinesis/read-client.ts';
export {
  type EmbeddedKinesis,
  type EmbeddedKinesisSettings,
  startEmbeddedKinesis,
} from './local/embedded-kinesis.ts';
export type { SigningCredential } from './local/endpoint/auth/signatures.ts';
export {
  type LocalEndpoint,
  type LocalEndpointSettings,
  startEndpoint,
} from './local/endpoint/endpoint.ts';
export type { EndpointFault } from './local/endpoint/faults/fault.ts';
export { parseEndpointFaults } from './local/endpoint/faults/fault-text.ts';
export type { EndpointStatistics } from './local/endpoint/statistics.ts';
export { type Fault, parseFault } from './local/fault.ts';
export { systemClock } from './outside.ts';
export { pace, unpaced } from './pacing/pace.ts';
export { constantRate, type Pacer, until } from './pacing/pacer.ts';
export { type Stage, stages } from './pacing/stages.ts';
export type { ConsumedRecord } from './records/consumed-record.ts';
export type { Due } from './records/due.ts';
export type { Label } from './records/label.ts';
export type { Attempt, Receipt } from './records/receipt.ts';
export type { RequestTrace } from './records/request-trace.ts';
export { parseTransaction, type Transaction, transactionLine } from './records/transaction.ts';
export type { UserRecord } from './records/user-record.ts';
export { Delivery, type DeliverySummary } from './reporting/delivery.ts';
export { Profile, type ProfileMeans, type ProfileSummary } from './reporting/profile.ts';
export { Reconciliation, type ReconciliationSummary } from './reporting/reconciliation.ts';
export { loadModel, type Model, probability } from './scoring/model/model.ts';
export type { Clock } from './stream/clock.ts';
export { take } from './stream/take.ts';

import type { ClientSettings, StreamClient } from './kinesis/client/stream-client.ts';

export type { ClientSettings, StreamClient };

/** A client for one stream, its requests made on a thread of their own; see `threadedClient`. */
export async function streamClient(settings: ClientSettings): Promise<StreamClient> {
  const { threadedClient } = await import('./kinesis/client/threaded-client.ts');
  return threadedClient(settings);
}
