import { Aws, type Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { logGroup } from '../log-group.ts';
import { declareParameters, either, isGiven, type Parameters } from '../parameter.ts';
import { allowing, arnHere, trustedService } from '../policy.ts';
import type { ScoringProps } from './sagemaker-scoring.ts';
import { INTEGRATION_TIMEOUT_MS, type ScoringApi, type ScoringBackend } from './scoring-api.ts';

/** Newest runtime of Node that Lambda has. */
const RUNTIME = 'nodejs24.x';

/** The model in a Lambda function: the same code as `fraudstream up`, with the booster beside it in the zip. */
export class LambdaScoring extends Construct {
  readonly function: CfnFunction;
  readonly backend: ScoringBackend;

  constructor(stack: Stack, id: string, props: ScoringProps) {
    super(stack, id);
    const of = declareParameters(stack, 'Lambda function', lambdaParameters);
    this.function = this.#function(of, props);
    this.backend = {
      stageVariables: {},
      integration: {
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        uri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${this.function.attrArn}/invocations`,
        timeoutInMillis: INTEGRATION_TIMEOUT_MS,
      },
    };
  }

  /** Lets the one method of the API call the function. */
  allow(api: ScoringApi): void {
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.ref,
      principal: 'apigateway.amazonaws.com',
      sourceArn: api.methodArn,
    });
  }

  #function(of: Parameters<typeof lambdaParameters>, props: ScoringProps): CfnFunction {
    const functionName = `${Aws.STACK_NAME}-scoring`;
    const logGroupName = `/aws/lambda/${functionName}`;
    const group = logGroup(this, 'Log', { ...props, logGroupName });
    const role = new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: trustedService('lambda.amazonaws.com'),
      policies: [
        {
          policyName: 'log',
          policyDocument: allowing({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [arnHere('logs', `log-group:/aws/lambda/${functionName}:log-stream:*`)],
          }),
        },
      ],
    });
    const made = new CfnFunction(this, 'Function', {
      functionName,
      runtime: RUNTIME,
      architectures: ['arm64'],
      handler: 'index.handler',
      role: role.attrArn,
      memorySize: of.LambdaMemoryMb.valueAsNumber,
      timeout: Math.ceil(INTEGRATION_TIMEOUT_MS / 1000),
      reservedConcurrentExecutions: either(
        isGiven(of.LambdaConcurrency),
        of.LambdaConcurrency.valueAsString as unknown as number,
      ),
      loggingConfig: { logFormat: 'JSON', logGroup: group.ref },
      code: {
        s3Bucket: props.artifactsBucket.valueAsString,
        s3Key: of.LambdaCodeKey.valueAsString,
      },
    });
    return made;
  }
}

const lambdaParameters = {
  LambdaCodeKey: { meaning: 'Key of the zip with code and model in the bucket of artifacts.' },
  LambdaMemoryMb: {
    meaning: 'Memory; 1769 MB are one vCPU.',
    default: 1769,
    min: 256,
    max: 10_240,
  },
  LambdaConcurrency: {
    meaning:
      'Requests at once that are kept for the function and are its most; empty for what is free.',
    default: '',
    pattern: '[0-9]*',
  },
} as const;
