import { INVOCATIONS_PER_INSTANCE } from './container-rate.ts';

/** What can be said about the SageMaker endpoint when it is deployed. */
export const sageMakerParameters = {
  EndpointName: {
    meaning:
      'First part of the name of the SageMaker endpoint, lower case; empty for the name of the stack. The instance type follows it.',
    default: '',
    pattern: '([a-z0-9](-*[a-z0-9]){0,44})?',
  },
  ModelKey: { meaning: 'Key of model.tar.gz in the bucket of artifacts.' },
  ModelImage: {
    meaning: "Image of the container; empty for AWS's XGBoost 1.7-1 of the region.",
    default: '',
  },
  EndpointMode: {
    meaning: 'On instances, or serverless (pays by request, cold starts, no data capture).',
    default: 'INSTANCE',
    allowed: ['INSTANCE', 'SERVERLESS'],
  },
  InstanceType: {
    meaning: 'Instance type; another one is a new endpoint beside the old one until it serves.',
    default: 'ml.c7i.large',
    pattern: 'ml\\.[a-z0-9-]+\\.[a-z0-9-]+',
  },
  InstanceCount: {
    meaning:
      'Instances to begin with and at least: two stand in two zones, and one of two is the canary of an update.',
    default: 2,
    min: 1,
    max: 100,
  },
  MaxInstanceCount: { meaning: 'Instances at most.', default: 4, min: 1, max: 100 },
  InvocationsPerInstance: {
    meaning:
      'Requests a minute on an instance that scaling aims at: measured for 16 rows and two vCPUs (docs/deploy.md).',
    default: INVOCATIONS_PER_INSTANCE,
    min: 1,
  },
  ServerlessMemoryMb: {
    meaning: 'Memory when serverless.',
    default: '2048',
    type: 'Number',
    allowed: ['1024', '2048', '3072', '4096', '5120', '6144'],
  },
  ServerlessConcurrency: {
    meaning: 'Requests at once when serverless.',
    default: 20,
    min: 1,
    max: 200,
  },
  DataCapturePercent: {
    meaning: 'Share of requests and answers that is kept in the bucket of artifacts.',
    default: 0,
    min: 0,
    max: 100,
  },
} as const;
