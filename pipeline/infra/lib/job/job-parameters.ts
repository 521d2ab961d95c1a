/** What can be said about the Flink job when it is deployed. */
export const jobParameters = {
  JobJarKey: {
    meaning: 'Key of the jar of the job in the bucket of artifacts; it must be there already.',
  },
  Parallelism: {
    meaning: 'Subtasks of the job to begin with; each scores ScoringCapacity / latency a second.',
    default: 4,
    min: 1,
    max: 1024,
  },
  ParallelismPerKpu: {
    meaning: 'Subtasks that share a KPU (1 vCPU, 4 GB); scoring mostly waits.',
    default: 2,
    min: 1,
    max: 8,
  },
  AutoScaling: {
    meaning: 'Let AWS change the parallelism with the load of the processors.',
    default: 'true',
    allowed: ['true', 'false'],
  },
  CheckpointIntervalMs: {
    meaning: 'Between two checkpoints, in milliseconds.',
    default: 60_000,
    min: 1000,
    max: 3_600_000,
  },
  LogLevel: {
    meaning: 'What the job logs.',
    default: 'INFO',
    allowed: ['ERROR', 'WARN', 'INFO', 'DEBUG'],
  },
  MetricsLevel: {
    meaning: 'How finely metrics are told; finer ones cost more.',
    default: 'APPLICATION',
    allowed: ['APPLICATION', 'TASK', 'OPERATOR', 'PARALLELISM'],
  },
  ScoringCapacity: {
    meaning: 'Scoring requests in flight in each subtask.',
    default: 100,
    min: 1,
    max: 10_000,
  },
  ScoringTimeout: {
    meaning: 'For one transaction, all its attempts together; an attempt may take 2 s.',
    default: '10s',
    pattern: '[0-9]+(ms|s|min)',
  },
  ScoringOrder: {
    meaning: 'Verdicts as they come, or in the order of the transactions.',
    default: 'unordered',
    allowed: ['unordered', 'ordered'],
  },
  FeatureOrder: {
    meaning: 'Features in the order of arrival, or, later and by the data alone, of event-time.',
    default: 'arrival',
    allowed: ['arrival', 'event-time'],
  },
  BatchRows: {
    meaning: 'Transactions that share a scoring request at most; more of them cost less.',
    default: 16,
    min: 1,
    max: 1000,
  },
  BatchLinger: {
    meaning: 'How long a transaction waits for others to share a request with.',
    default: '5ms',
    pattern: '[0-9]+(ms|s)',
  },
  OnOutage: {
    meaning: 'While the endpoint is down: wait, score by rules, or reject.',
    default: 'wait',
    allowed: ['wait', 'rules', 'reject'],
  },
  Aggregate: {
    meaning:
      'Put verdicts as KPL aggregates; false for readers that do not deaggregate: a Kinesis record each.',
    default: 'true',
    allowed: ['true', 'false'],
  },
  SinkBuffer: {
    meaning: 'How long a verdict waits for others to be put with at most.',
    default: '100ms',
    pattern: '[0-9]+(ms|s)',
  },
  DuplicateHorizon: {
    meaning: 'How long a transaction_id is remembered: most of the state at high rates.',
    default: '24h',
    pattern: '[0-9]+(min|h|d)',
  },
  Threshold: {
    meaning: 'Score from which a transaction counts as fraud.',
    default: '0.5',
    pattern: '0(\\.[0-9]+)?|1(\\.0+)?',
  },
  ReadFrom: {
    meaning: 'Where the first start reads from: trim-horizon, latest or an instant.',
    default: 'trim-horizon',
    pattern: 'trim-horizon|latest|[0-9]{4}-[0-9]{2}-[0-9]{2}T.+Z',
  },
} as const;
