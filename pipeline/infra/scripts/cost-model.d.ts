/** What a KPU, a shard and an instance take. */
export declare const capacities: Readonly<
  Record<
    | 'shardBytes'
    | 'shardRecords'
    | 'kpuTransactions'
    | 'kpuStateBytes'
    | 'cardBytes'
    | 'duplicateBytes'
    | 'instanceInvocations',
    number
  >
>;
