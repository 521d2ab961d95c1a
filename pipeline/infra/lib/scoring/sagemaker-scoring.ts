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
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { logGroup } from '../log-group.ts';
import { declareParameters, either, isGiven, isSet, type Parameters } from '../parameter.ts';
import { type EndpointNames, endpointNames } from './endpoint-names.ts';
import { runtimeIntegration } from './runtime-integration.ts';
import { sageMakerParameters } from './sagemaker-parameters.ts';
import { sageMakerRole } from './sagemaker-role.ts';
import type { ScoringBackend } from './scoring-api.ts';
import { registryMapping, XGBOOST_REPOSITORY, XGBOOST_TAG } from './xgboost-image.ts';

export interface ScoringProps {
  readonly artifactsBucket: CfnParameter;
  readonly kmsKeyArn: CfnParameter;
  readonly logRetentionDays: CfnParameter;
}

const VARIANT = 'AllTraffic';
/** Alarms of the endpoint need three minutes of five; this is twice that. */
const BAKING_SECONDS = 600;

/** A model behind a SageMaker endpoint, on instances that scale or serverless, and the way of the API to it. */
export class SageMakerScoring extends Construct {
  readonly names: EndpointNames;
  readonly endpoint: CfnEndpoint;
  readonly backend: ScoringBackend;
  readonly isServerless: CfnCondition;
  readonly isOnInstances: CfnCondition;
  readonly #of: Parameters<typeof sageMakerParameters>;
  readonly #props: ScoringProps;

  constructor(stack: Stack, id: string, props: ScoringProps) {
    super(stack, id);
    this.#props = props;
    this.#of = declareParameters(stack, 'SageMaker endpoint', sageMakerParameters);
    this.isServerless = isSet(this.#of.EndpointMode, 'SERVERLESS');
    this.isOnInstances = new CfnCondition(this, 'OnInstances', {
      expression: Fn.conditionNot(this.isServerless),
    });
    this.names = endpointNames(this.#of.EndpointName, this.#of.InstanceType, this.isServerless);
    this.endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: this.names.now,
      endpointConfigName: this.#configuration(this.#model()).attrEndpointConfigName,
      // An update keeps the number of instances that scaling has come to.
      retainAllVariantProperties: either<boolean>(this.isOnInstances, true),
    });
    const logGroupName = `/aws/sagemaker/Endpoints/${this.names.now}`;
    this.endpoint.addResourceDependency(logGroup(this, 'Log', { ...props, logGroupName }));
    this.#scaling();
    this.backend = runtimeIntegration(this, this.endpoint, this.names.anyArn);
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

  /**
   * Lets updates of the endpoint shift the load by way of one instance, and back when one of these alarms is raised.
   *
   * A canary may be half of the instances at most, so that one instance alone is replaced at once.
   */
  rollBackOn(alarmNames: readonly string[]): void {
    const isSingle = isSet(this.#of.InstanceCount, '1');
    const atOnce = { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: BAKING_SECONDS };
    const canary = {
      Type: 'CANARY',
      CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
      WaitIntervalInSeconds: BAKING_SECONDS,
    };
    this.endpoint.deploymentConfig = either(this.isOnInstances, {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: either(isSingle, atOnce, canary as never),
        TerminationWaitInSeconds: 300,
        MaximumExecutionTimeoutInSeconds: 7200,
      },
      AutoRollbackConfiguration: { Alarms: alarmNames.map((AlarmName) => ({ AlarmName })) },
    }) as never;
  }

  #model(): CfnModel {
    const { artifactsBucket } = this.#props;
    const registries = new CfnMapping(this, 'XgboostRegistries', { mapping: registryMapping });
    const account = registries.findInMap(Aws.REGION, 'account');
    const ours = `${account}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/${XGBOOST_REPOSITORY}:${XGBOOST_TAG}`;
    const image = either(isGiven(this.#of.ModelImage), this.#of.ModelImage.valueAsString, ours);
    const modelKey = this.#of.ModelKey.valueAsString;
    const reach = { ...this.#props, endpointNames: this.names.any, modelKey, registry: account };
    return new CfnModel(this, 'Model', {
      executionRoleArn: sageMakerRole(this, { ...reach, captures: this.#captures }),
      enableNetworkIsolation: true,
      primaryContainer: {
        image,
        // A worker serves each vCPU. More threads than that spin: 5 to 16 ms a request instead of 0.9.
        environment: { OMP_NUM_THREADS: '1' },
        modelDataUrl: `s3://${artifactsBucket.valueAsString}/${modelKey}`,
      },
    });
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
        DestinationS3Uri: `s3://${artifactsBucket.valueAsString}/captured/${this.names.now}`,
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
    const target = new CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${this.names.onInstances}/variant/${VARIANT}`,
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
    for (const resource of [target, policy]) resource.cfnOptions.condition = this.isOnInstances;
  }
}

const noText = { Ref: 'AWS::NoValue' } as unknown as string;
const noNumber = { Ref: 'AWS::NoValue' } as unknown as number;
