/**
 * Processor time that the container's software takes for a request of 16 rows (measured with the 43 features of specification 1), in milliseconds: the
 * slowest of the runs of `scripts/container_rate.py`, one OpenMP thread (docs/deploy.md has them all).
 */
export const MS_PER_REQUEST = 0.9;
/** Two vCPUs are two threads of one core: together about a quarter more than one alone. */
const CORES_OF_TWO_VCPUS = 1.25;
/** Source: SageMaker, "Load testing your auto scaling configuration": half of what an instance was seen to serve. */
const SAFETY_FACTOR = 0.5;
const STEP = 5000;

/** Requests a minute that scaling aims at on an instance of two vCPUs such as ml.c7i.large. */
export const INVOCATIONS_PER_INSTANCE: number =
  Math.floor(((60_000 / MS_PER_REQUEST) * CORES_OF_TWO_VCPUS * SAFETY_FACTOR) / STEP) * STEP;
