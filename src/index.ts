/**
 * The library: the rooms that other programs use, under the names the command line uses.
 *
 * Heavy packages (the AWS SDK, faker) load with the functions that need them, not with this file.
 */

export {
  type EmbeddedKinesis,
  type EmbeddedKinesisSettings,
  startEmbeddedKinesis,
} from './emulators/kinesis/embedded-kinesis.ts';
export { type KinesisFault as Fault, parseFault } from './emulators/kinesis/faults.ts';
export {
  type LocalEndpoint,
  type LocalEndpointSettings,
  startEndpoint,
} from './emulators/sagemaker/endpoint.ts';
export type { EndpointFault } from './emulators/sagemaker/faults/fault.ts';
export { parseEndpointFaults } from './emulators/sagemaker/faults/fault-text.ts';
export type { SigningCredential } from './emulators/sagemaker/signature-check.ts';
export type { EndpointStatistics } from './emulators/sagemaker/statistics.ts';
export {
  type FeatureSettings,
  type FeatureSource,
  featureSource,
} from './engine/feature-source.ts';
export {
  GeneratedTruth,
  type GroundTruth,
  inlineTruth,
  labelledTruth,
} from './engine/ground-truth.ts';
export type { FeatureOrder } from './engine/read-order.ts';
export {
  type ScoreRunDependencies,
  type ScoreRunResult,
  type ScoreRunSettings,
  scoreRun,
} from './engine/score-run.ts';
export {
  type ScoreStreamDependencies,
  type ScoreStreamResult,
  type ScoreStreamSettings,
  scoreStream,
} from './engine/score-stream.ts';
export type { ScoreQuality, ScoringFigures, ScoringFold } from './engine/scoring-figures.ts';
export {
  type Acknowledge,
  fileSink,
  type KeyedLine,
  type LineSink,
  noSink,
  type OutputStream,
  ScoreSinks,
  StreamSink,
  textSink,
} from './engine/sinks.ts';
export { type ErrorCode, FraudstreamError } from './errors.ts';
export { type ExitCode, exitCodes } from './exit-codes.ts';
export { type LineSettings, lineBlocks } from './generators/line-blocks.ts';
export { type LineBlock, linesOf } from './generators/lines/line-block.ts';
export { headersOf, type LineForm } from './generators/lines/line-fields.ts';
export { type LabelledTransaction, transactions } from './generators/transactions.ts';
export { userRecords } from './generators/user-records.ts';
export { type World, type WorldSettings, world } from './generators/world.ts';
export {
  type AddressKind,
  type AddressTable,
  addressKinds,
  addressTable,
  type Network,
} from './geoip/address-table.ts';
export { ipRanges } from './geoip/ip-ranges.ts';
export { type IpSpace, ipSpaces } from './geoip/ip-space.ts';
export { type ConsumeSettings, consume, type ShardBatch } from './kinesis/consumer/consume.ts';
export type { PutDependencies as PutMeans } from './kinesis/producer/producer-settings.ts';
export { type ProducerSettings, producerDefaults } from './kinesis/producer/producer-settings.ts';
export { put } from './kinesis/producer/put.ts';
export type { PutAnswer, PutClient } from './kinesis/put-client.ts';
export type { Position, ReadClient } from './kinesis/read-client.ts';
export { aggregate, type OuterRecord, outerRecord } from './kpl/aggregate.ts';
export { type Deaggregated, deaggregate } from './kpl/deaggregate.ts';
export { type AggregableRecord, OpenAggregate } from './kpl/open-aggregate.ts';
export { Reconciliation, type ReconciliationSummary } from './metrics/consume-stats.ts';
export { Delivery, type DeliverySummary } from './metrics/delivery.ts';
export {
  Profile,
  type ProfileReferences as ProfileMeans,
  type ProfileSummary,
} from './metrics/transaction-profile.ts';
export { loadModel, type Model, probability } from './model/model.ts';
export { pace, unpaced } from './pacing/pace.ts';
export { constantRate, type Pacer, type Stage, stages, until } from './pacing/pacer.ts';
export { systemClock } from './runtime.ts';
export { candidates, type FeaturesOf, type Sourced } from './scoring/candidates.ts';
export { sageMakerClient, urlClient } from './scoring/clients/open-client.ts';
export {
  type ContentType,
  requestBody,
  type ScoreForm,
  scoreForm,
} from './scoring/request/request-body.ts';
export { score } from './scoring/score.ts';
export type { Endpoint, Reply, ScoreClient, ScoreRequest } from './scoring/score-client.ts';
export {
  type ScoreDependencies,
  type ScoreSettings,
  scoreDefaults,
} from './scoring/score-settings.ts';
export { type VerdictRule, verdictOf } from './scoring/verdicts.ts';
export { take } from './stream/async-iterables.ts';
export type { Clock } from './stream/clock.ts';
export type { ConsumedRecord } from './transactions/arrival.ts';
export type { Label } from './transactions/label.ts';
export type {
  Candidate,
  ErrorKind,
  ScoreTrace,
  ScoringOutcome,
} from './transactions/scoring-outcome.ts';
export { parseTransaction, type Transaction, transactionLine } from './transactions/transaction.ts';
export type {
  Attempt,
  Due,
  Receipt,
  RequestTrace,
  UserRecord,
} from './transactions/user-record.ts';
export { type Verdict, verdictLine } from './transactions/verdict.ts';

import type { ClientSettings, StreamClient } from './kinesis/client/stream-client.ts';

export type { ClientSettings, StreamClient };

/** A client for one stream, its requests made on a thread of their own; see `threadedClient`. */
export async function streamClient(settings: ClientSettings): Promise<StreamClient> {
  const { threadedClient } = await import('./kinesis/client/threaded-client.ts');
  return threadedClient(settings);
}
