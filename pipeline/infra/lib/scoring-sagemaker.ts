import {
  Aws,
  CfnCondition,
  CfnDeletionPolicy,
  CfnMapping,
  type CfnParameter,
  CfnRule,
  Fn,
  type Stack,
} from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { answerMappings, requestTemplates } from './mapping.ts';
import { declareParameters, either, isGiven, isSet, type Parameters } from './parameter.ts';
import {
  allowing,
  arnHere,
  keyStatement,
  roleWithChoices,
  type Statement,
  trustedService,
} from './policy.ts';
import { answerHeaders, headerMap, requestHeaders, type ScoringBackend } from './scoring-api.ts';
import { registryMapping, XGBOOST_REPOSITORY, XGBOOST_TAG } from './xgboost-image.ts';

export interface ScoringProps {
  readonly artifactsBucket: CfnParameter;
  readonly kmsKeyArn: CfnParameter;
  readonly logRetentionDays: CfnParameter;
}

const VARIANT = 'AllTraffic';
/** API Gateway answers 504 after so long; a score that late helps nobody. */
export const INTEGRATION_TIMEOUT_MS = 5000;

/** A model behind a SageMaker endpoint, on instances that scale or serverless, and the way of the API to it. */
export class SageMakerScoring extends Construct {
  readonly endpointName: string;
  readonly endpoint: CfnEndpoint;
  readonly backend: ScoringBackend;
  readonly isServerless: CfnCondition;
  readonly #of: Parameters<typeof sageMakerParameters>;
  readonly #props: ScoringProps;

  constructor(stack: Stack, id: string, props: ScoringProps) {
    super(stack, id);
    this.#props = props;
    this.#of = declareParameters(stack, 'SageMaker endpoint', sageMakerParameters);
    this.isServerless = isSet(this.#of.EndpointMode, 'SERVERLESS');
    this.endpointName = this.#of.EndpointName.valueAsString;
    this.endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: this.endpointName,
      endpointConfigName: this.#configuration(this.#model()).attrEndpointConfigName,
    });
    this.#scaling();
    this.backend = this.#backend();
    // Serverless endpoints cannot capture data. Source: SageMaker, "Serverless Inference", exclusions.
    new CfnRule(this, 'CaptureNeedsInstances', {
      ruleCondition: Fn.conditionEquals(this.#of.EndpointMode.valueAsString, 'SERVERLESS'),
      assertions: [
        {
          assert: Fn.conditionEquals(this.#of.DataCapturePercent.valueAsString, '0'),
          assertDescription:
            'A serverless endpoint captures no data: leave DataCapturePercent at 0.',
        },
      ],
    });
  }

  #model(): CfnModel {
    const { artifactsBucket } = this.#props;
    const registries = new CfnMapping(this, 'XgboostRegistries', { mapping: registryMapping });
    const account = registries.findInMap(Aws.REGION, 'account');
    const ours = `${account}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/${XGBOOST_REPOSITORY}:${XGBOOST_TAG}`;
    const image = either(isGiven(this.#of.ModelImage), this.#of.ModelImage.valueAsString, ours);
    const role = this.#role(account);
    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role,
      primaryContainer: {
        image,
        modelDataUrl: `s3://${artifactsBucket.valueAsString}/${this.#of.ModelKey.valueAsString}`,
      },
    });
    return model;
  }

  #role(registry: string): string {
    const { artifactsBucket, kmsKeyArn } = this.#props;
    const bucket = `arn:${Aws.PARTITION}:s3:::${artifactsBucket.valueAsString}`;
    const role = new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: trustedService('sagemaker.amazonaws.com'),
      policies: [
        {
          policyName: 'serve',
          policyDocument: allowing(
            {
              actions: ['s3:GetObject'],
              resources: [`${bucket}/${this.#of.ModelKey.valueAsString}`],
            },
            ...imageStatements(registry),
            ...this.#tellingStatements(),
          ),
        },
      ],
    });
    const grant = { actions: ['kms:CreateGrant'], resources: [kmsKeyArn.valueAsString] };
    return roleWithChoices(role, [
      {
        name: 'Capture',
        when: this.#captures,
        statements: [
          { actions: ['s3:PutObject'], resources: [`${bucket}/captured/${this.endpointName}/*`] },
        ],
      },
      { name: 'Key', when: isGiven(kmsKeyArn), statements: [keyStatement(kmsKeyArn), grant] },
    ]);
  }

  #tellingStatements(): readonly Statement[] {
    const group = arnHere('logs', `log-group:/aws/sagemaker/Endpoints/${this.endpointName}`);
    return [
      {
        actions: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
        ],
        resources: [group, `${group}:log-stream:*`],
      },
      {
        // Metrics have no ARN; the namespace narrows it.
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        condition: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' } },
      },
    ];
  }

  get #captures(): CfnCondition {
    const found = this.node.tryFindChild('CapturesData');
    if (found) return found as CfnCondition;
    const none = Fn.conditionEquals(this.#of.DataCapturePercent.valueAsString, '0');
    return new CfnCondition(this, 'CapturesData', { expression: Fn.conditionNot(none) });
  }

  /** Without a name of its own, so that a new one can be made before the old one goes. */
  #configuration(model: CfnModel): CfnEndpointConfig {
    const { artifactsBucket, kmsKeyArn } = this.#props;
    const of = this.#of;
    const key = either(isGiven(kmsKeyArn), kmsKeyArn.valueAsString);
    const common = {
      modelName: model.attrModelName,
      variantName: VARIANT,
      initialVariantWeight: 1,
    };
    const configuration = new CfnEndpointConfig(this, 'Configuration', {
      kmsKeyId: key,
      dataCaptureConfig: either(this.#captures, {
        EnableCapture: true,
        InitialSamplingPercentage: of.DataCapturePercent.valueAsNumber,
        DestinationS3Uri: `s3://${artifactsBucket.valueAsString}/captured/${this.endpointName}`,
        KmsKeyId: key,
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        CaptureContentTypeHeader: {
          CsvContentTypes: ['text/csv'],
          JsonContentTypes: ['application/json'],
        },
      }) as never,
      productionVariants: [
        {
          ...common,
          initialInstanceCount: either(this.isServerless, noNumber, of.InstanceCount.valueAsNumber),
          instanceType: either(this.isServerless, noText, of.InstanceType.valueAsString),
          serverlessConfig: either(this.isServerless, {
            MemorySizeInMB: of.ServerlessMemoryMb.valueAsNumber,
            MaxConcurrency: of.ServerlessConcurrency.valueAsNumber,
          }) as never,
        },
      ],
    });
    configuration.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    return configuration;
  }

  /** Follows the requests an instance gets. Of the service-linked role AWS takes care itself. */
  #scaling(): void {
    const of = this.#of;
    const onInstances = new CfnCondition(this, 'OnInstances', {
      expression: Fn.conditionNot(this.isServerless),
    });
    const target = new CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${this.endpointName}/variant/${VARIANT}`,
      minCapacity: of.InstanceCount.valueAsNumber,
      maxCapacity: of.MaxInstanceCount.valueAsNumber,
    });
    target.addResourceDependency(this.endpoint);
    const policy = new CfnScalingPolicy(this, 'ScalingPolicy', {
      policyName: `${Aws.STACK_NAME}-invocations`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerVariantInvocationsPerInstance',
        },
        targetValue: of.InvocationsPerInstance.valueAsNumber,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
    for (const resource of [target, policy]) resource.cfnOptions.condition = onInstances;
  }

  #backend(): ScoringBackend {
    const role = new CfnRole(this, 'InvokeRole', {
      assumeRolePolicyDocument: trustedService('apigateway.amazonaws.com'),
      policies: [
        {
          policyName: 'invoke',
          policyDocument: allowing({
            actions: ['sagemaker:InvokeEndpoint'],
            resources: [arnHere('sagemaker', `endpoint/${this.endpointName}`)],
          }),
        },
      ],
    });
    return {
      stageVariables: { endpoint: this.endpointName },
      integration: {
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:runtime.sagemaker:path/endpoints/\${stageVariables.endpoint}/invocations`,
        credentials: role.attrArn,
        passthroughBehavior: 'NEVER',
        timeoutInMillis: INTEGRATION_TIMEOUT_MS,
        requestParameters: headerMap(
          'integration.request.header',
          requestHeaders,
          (name) => `method.request.header.${name}`,
        ),
        requestTemplates: { ...requestTemplates },
        integrationResponses: answerMappings.map(({ status, pattern, template }) => ({
          statusCode: status,
          ...(pattern !== undefined && { selectionPattern: pattern }),
          responseParameters: headerMap(
            'method.response.header',
            answerHeaders(status),
            (name) => `integration.response.header.${name}`,
          ),
          ...(template !== undefined && { responseTemplates: { 'application/json': template } }),
        })),
      },
    };
  }
}

const noText = { Ref: 'AWS::NoValue' } as unknown as string;
const noNumber = { Ref: 'AWS::NoValue' } as unknown as number;

/** The container comes from a repository of AWS; the token to ask for it has no ARN. */
function imageStatements(registry: string): readonly Statement[] {
  return [
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    {
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      resources: [
        `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${registry}:repository/${XGBOOST_REPOSITORY}`,
      ],
    },
  ];
}

const sageMakerParameters = {
  EndpointName: {
    meaning: 'Name of the SageMaker endpoint.',
    default: 'fraud',
    pattern: '[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}',
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
  InstanceType: { meaning: 'Instance type.', default: 'ml.c7i.large', pattern: 'ml\\.[a-z0-9.-]+' },
  InstanceCount: {
    meaning: 'Instances to begin with and at least; two stand in two zones.',
    default: 1,
    min: 1,
    max: 100,
  },
  MaxInstanceCount: { meaning: 'Instances at most.', default: 4, min: 1, max: 100 },
  InvocationsPerInstance: {
    meaning: 'Requests a minute on an instance that scaling aims at.',
    default: 30_000,
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
