/** Service and region that requests to a host are signed for. */
export interface SigningScope {
  readonly service: string;
  readonly region: string;
}

/** Domains of the partitions, dual stack included. Source: partitions of the AWS SDK. */
const DOMAINS: readonly string[] = [
  'amazonaws.com',
  'api.aws',
  'amazonaws.com.cn',
  'api.amazonwebservices.com.cn',
  'amazonaws.eu',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'api.aws.ic.gov',
  'sc2s.sgov.gov',
  'api.aws.scloud',
  'cloud.adc-e.uk',
  'api.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'api.aws.hci.ic.gov',
];

const REGION = '([a-z]{2,}(?:-[a-z]+)+-\\d+)';
const DOMAIN = `(?:vpce\\.)?(?:${DOMAINS.join('|').replaceAll('.', '\\.')})`;

/**
 * Forms of hosts, from the left: an API or a VPC endpoint, the service, the region, the domain.
 *
 * Load balancers, EC2 instances and buckets are in the same domains, and check no signature.
 */
const FORMS: ReadonlyArray<readonly [service: string, form: RegExp]> = [
  ['execute-api', new RegExp(`^[^.]+\\.execute-api(?:-fips)?\\.${REGION}\\.${DOMAIN}$`)],
  ['sagemaker', new RegExp(`^(?:[^.]+\\.)?runtime(?:-fips)?\\.sagemaker\\.${REGION}\\.${DOMAIN}$`)],
  // Names of before the dual stack ones, still resolved.
  ['sagemaker', new RegExp(`^runtime\\.sagemaker-fips\\.${REGION}\\.${DOMAIN}$`)],
];

const FUNCTION_URL = new RegExp(
  `^[^.]+\\.lambda-url\\.${REGION}\\.on\\.(?:aws|amazonwebservices\\.com\\.cn)$`,
);

/** Returns what requests to this host of API Gateway or the SageMaker runtime are signed for; `undefined` for any other host. */
export function signingScopeOf(hostname: string): SigningScope | undefined {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  for (const [service, form] of FORMS) {
    const region = form.exec(host)?.[1];
    if (region !== undefined) return { service, region };
  }
  return undefined;
}

/** The same for hosts that check signatures only if they are set up to: the URL of a Lambda function. */
export function possibleScopeOf(hostname: string): SigningScope | undefined {
  const region = FUNCTION_URL.exec(hostname.toLowerCase())?.[1];
  return region === undefined ? signingScopeOf(hostname) : { service: 'lambda', region };
}
