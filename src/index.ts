/**
 * The library: what the commands do, as functions with typed settings.
 *
 * Heavy packages (the AWS SDK) load with the functions that need them, not with this file.
 */

export {
  type EndpointSearchSettings,
  endpointTarget,
  type ProbeDependencies,
} from './capacity/endpoint-target.ts';
export {
  findCapacity,
  type SearchDependencies,
  type SearchResult,
  type SearchSettings,
  searchDefaults,
} from './capacity/find-capacity.ts';
export { type PipelineSearchSettings, pipelineTarget } from './capacity/pipeline-target.ts';
export type { ProbeSettings, ProbeSummary } from './capacity/probe.ts';
export type { ProbeResult, SearchTarget } from './capacity/search-target.ts';
export type { Contract } from './contract/contract.ts';
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
export { contractFile } from './files/contract-file.ts';
export {
  type GenerateDependencies,
  type GenerateResult,
  type GenerateSettings,
  generate,
} from './files/generation/generate.ts';
export type {
  LineOutputSettings as OutputSettings,
  WriteLines,
} from './files/generation/line-output.ts';
export {
  type Input,
  type InputDependencies,
  type InputFileSettings,
  openInput,
} from './files/input.ts';
export type { Mapping } from './files/mapping/mapping.ts';
export { mappingOf } from './files/mapping/mapping-file.ts';
export type { FileNames } from './files/recording/file-names.ts';
export {
  type RecordDependencies,
  type RecordResult,
  type RecordSettings,
  record,
} from './files/recording/record.ts';
export type { RecordedFile, Rotation } from './files/recording/recording.ts';
export { recordingNames } from './files/recording/recording-files.ts';
export {
  openReplayCheckpoint,
  Replay,
  type ReplayCheckpointSettings,
  type ReplayDependencies,
  type ReplayFigures,
  type ReplayResult,
  type ReplaySettings,
  type ReplayToStreamDependencies,
  replay,
} from './files/replay/replay.ts';
export type { ReplayPlan } from './files/replay/replay-plan.ts';
export type { ReplayRecordSettings, TimeShift } from './files/replay/replay-records.ts';
export { type Condition, condition } from './files/replay/selection.ts';
export {
  type ValidateDependencies,
  type ValidateSettings,
  validateFiles,
} from './files/validation/validate-files.ts';
export { worldFile } from './files/world-file.ts';
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
export { CheckpointFile as ConsumerCheckpoint, type From } from './kinesis/consumer/checkpoint.ts';
export { type ConsumeSettings, consume, type ShardBatch } from './kinesis/consumer/consume.ts';
export {
  type DeliveryDependencies,
  type DeliveryResult,
  deliver,
  type ProduceSettings,
  produce,
} from './kinesis/producer/produce.ts';
export type { PutDependencies } from './kinesis/producer/producer-settings.ts';
export { type ProducerSettings, producerDefaults } from './kinesis/producer/producer-settings.ts';
export { put } from './kinesis/producer/put.ts';
export type { PutAnswer, PutClient } from './kinesis/put-client.ts';
export type { Position, ReadClient } from './kinesis/read-client.ts';
export { aggregate, type OuterRecord, outerRecord } from './kpl/aggregate.ts';
export { type Deaggregated, deaggregate } from './kpl/deaggregate.ts';
export { type AggregableRecord, OpenAggregate, PartitionKeyMark } from './kpl/open-aggregate.ts';
export type { SearchSummary, TrialSummary } from './metrics/capacity.ts';
export {
  ConsumeStats,
  type ConsumeSummary,
  Reconciliation,
  type ReconciliationSummary,
} from './metrics/consume-stats.ts';
export { Delivery, type DeliverySummary } from './metrics/delivery.ts';
export type { CorrelationCounts, Match } from './metrics/match.ts';
export type { SessionSummary } from './metrics/session-summary.ts';
export type { Threshold } from './metrics/thresholds.ts';
export {
  Profile,
  type ProfileReferences,
  type ProfileSummary,
} from './metrics/transaction-profile.ts';
export { Validation, type ValidationSummary } from './metrics/validation.ts';
export { loadModel, type Model, probability } from './model/model.ts';
export { pace, unpaced } from './pacing/pace.ts';
export { type PaceSettings, paced } from './pacing/pace-settings.ts';
export { constantRate, type Pacer, type Stage, stages, until } from './pacing/pacer.ts';
export type { EngineResult } from './pipeline-test/engine-thread.ts';
export {
  type GroundTruthSettings,
  type KnownTruth,
  PipelineGroundTruth,
} from './pipeline-test/ground-truth.ts';
export type { LoadMeter } from './pipeline-test/load-sampler.ts';
export {
  flinkEngine,
  type LocalPipeline,
  type LocalPipelineSettings,
  type LocalServices,
  type OwnEngine,
  type OwnEngineSettings,
  ownEngine,
  type PipelineEngine,
  type StartEngine,
  startLocalPipeline,
} from './pipeline-test/local-pipeline.ts';
export { type OfflineModel, offlineModel } from './pipeline-test/offline-model.ts';
export type { Pipeline } from './pipeline-test/pipeline.ts';
export {
  type PipelineTestDependencies,
  type PipelineTestReport,
  type PipelineTestResult,
  type PipelineTestSettings,
  pipelineTestDefaults,
  runPipeline,
} from './pipeline-test/run-pipeline.ts';
export type { Session, SessionProgress } from './pipeline-test/session.ts';
export {
  openVerdictSource,
  type VerdictSourceSettings,
} from './pipeline-test/verdict-sources/open-verdict-source.ts';
export { shardVerdicts } from './pipeline-test/verdict-sources/shard-verdicts.ts';
export {
  parseVerdictLocation,
  type VerdictLocation,
} from './pipeline-test/verdict-sources/verdict-location.ts';
export type {
  SourceDependencies,
  VerdictReading,
  VerdictRecord,
  VerdictSource,
} from './pipeline-test/verdict-sources/verdict-source.ts';
export { loadMeter, systemClock } from './runtime.ts';
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
