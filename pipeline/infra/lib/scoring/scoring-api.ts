import { createHash } from 'node:crypto';
import {
  Aws,
  CfnCondition,
  CfnDeletionPolicy,
  type CfnParameter,
  Fn,
  type Stack,
} from 'aws-cdk-lib';
import {
  CfnApiKey,
  CfnDeployment,
  CfnMethod,
  CfnModel,
  CfnRequestValidator,
  CfnResource,
  CfnRestApi,
  CfnStage,
  CfnUsagePlan,
  CfnUsagePlanKey,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { declareParameters, either, isSet, type Parameters } from '../parameter.ts';
import { apiParameters } from './api-parameters.ts';
import { answerHeaders, headerMap, requestHeaders } from './headers.ts';
import { answerMappings, scoreRequestSchema } from './mapping.ts';

/** What stands behind the API. */
export interface ScoringBackend {
  readonly integration: CfnMethod.IntegrationProperty;
  /** Read by the integration as `${stageVariables.name}`, so that a new value needs no new deployment. */
  readonly stageVariables: Readonly<Record<string, string>>;
}

export interface ScoringApiProps {
  readonly backend: ScoringBackend;
  readonly logRetentionDays: CfnParameter;
  /** Whether callers need an API key beside their signature; without it there is no such choice. */
  readonly requireApiKey?: CfnParameter;
}

const STAGE = 'prod';
/** API Gateway answers 504 after so long; a score that late helps nobody. */
export const INTEGRATION_TIMEOUT_MS = 5000;

/** `POST /score` with IAM authorization (SigV4), throttled, logged without payloads. */
export class ScoringApi extends Construct {
  readonly api: CfnRestApi;
  readonly url: string;
  /** There when it is offered; made when it is wanted. */
  readonly key: { readonly isWanted: CfnCondition; readonly id: string } | undefined;
  readonly #stack: Stack;
  readonly #of: Parameters<typeof apiParameters>;
  readonly #props: ScoringApiProps;

  constructor(stack: Stack, id: string, props: ScoringApiProps) {
    super(stack, id);
    this.#stack = stack;
    this.#props = props;
    this.#of = declareParameters(stack, 'Scoring API', apiParameters);
    this.api = new CfnRestApi(this, 'Api', {
      name: `${Aws.STACK_NAME}-scoring`,
      description: 'Scores transactions: POST /score.',
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    this.key = props.requireApiKey && this.#key(props.requireApiKey);
    const stage = this.#stageOf(this.#method());
    if (this.key) this.#plan(this.key, stage);
    this.url = Fn.sub(
      `https://\${${stack.getLogicalId(this.api)}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${STAGE}/score`,
    );
  }

  /** The ARN to be allowed `execute-api:Invoke`: the one method of the one stage. */
  get methodArn(): string {
    return `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.api.ref}/${STAGE}/POST/score`;
  }

  #method(): CfnMethod {
    const restApiId = this.api.ref;
    const resource = new CfnResource(this, 'Score', {
      restApiId,
      parentId: this.api.attrRootResourceId,
      pathPart: 'score',
    });
    const model = new CfnModel(this, 'ScoreRequest', {
      restApiId,
      contentType: 'application/json',
      name: 'ScoreRequest',
      schema: scoreRequestSchema,
    });
    const validator = new CfnRequestValidator(this, 'Validator', {
      restApiId,
      name: 'body',
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    return new CfnMethod(this, 'Post', {
      restApiId,
      resourceId: resource.ref,
      httpMethod: 'POST',
      authorizationType: 'AWS_IAM',
      apiKeyRequired: this.key ? either<boolean>(this.key.isWanted, true, false) : false,
      requestParameters: headerMap('method.request.header', requestHeaders, false),
      requestModels: { 'application/json': model.ref },
      requestValidatorId: validator.ref,
      integration: this.#props.backend.integration,
      methodResponses: answerMappings.map(({ status }) => ({
        statusCode: status,
        responseParameters: headerMap('method.response.header', answerHeaders(status), false),
      })),
    });
  }

  /**
   * A deployment is a copy of the method as it was: it gets a new name whenever the method is another. With the
   * choice of an API key there are two of them, since that is made when the stack is deployed.
   */
  #deployment(method: CfnMethod): string {
    const text = JSON.stringify([
      this.#stack.resolve(method._toCloudFormation()),
      scoreRequestSchema,
    ]);
    const mark = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const deployed = (name: string): CfnDeployment => {
      const deployment = new CfnDeployment(this, `${name}${mark}`, { restApiId: this.api.ref });
      deployment.addResourceDependency(method);
      return deployment;
    };
    const plain = deployed('Deployment');
    if (!this.key) return plain.ref;
    const withKey = deployed('DeploymentWithKey');
    withKey.cfnOptions.condition = this.key.isWanted;
    plain.cfnOptions.condition = new CfnCondition(this, 'IsWithoutKey', {
      expression: Fn.conditionNot(this.key.isWanted),
    });
    return either(this.key.isWanted, withKey.ref, plain.ref);
  }

  #stageOf(method: CfnMethod): CfnStage {
    const group = new CfnLogGroup(this, 'AccessLog', {
      retentionInDays: this.#props.logRetentionDays.valueAsNumber,
    });
    group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    return new CfnStage(this, 'Stage', {
      restApiId: this.api.ref,
      deploymentId: this.#deployment(method),
      stageName: STAGE,
      variables: { ...this.#props.backend.stageVariables },
      tracingEnabled: either<boolean>(isSet(this.#of.Tracing, 'true'), true, false),
      accessLogSetting: { destinationArn: group.attrArn, format: ACCESS_LOG },
      methodSettings: [
        {
          httpMethod: '*',
          resourcePath: '/*',
          throttlingRateLimit: this.#of.ThrottleRate.valueAsNumber,
          throttlingBurstLimit: this.#of.ThrottleBurst.valueAsNumber,
          metricsEnabled: true,
          loggingLevel: 'ERROR',
          dataTraceEnabled: false,
        },
      ],
    });
  }

  #key(requireApiKey: CfnParameter): NonNullable<ScoringApi['key']> {
    const isWanted = isSet(requireApiKey, 'true');
    const key = new CfnApiKey(this, 'Key', { enabled: true, name: `${Aws.STACK_NAME}-scoring` });
    key.cfnOptions.condition = isWanted;
    return { isWanted, id: key.ref };
  }

  #plan({ isWanted, id }: NonNullable<ScoringApi['key']>, stage: CfnStage): void {
    const plan = new CfnUsagePlan(this, 'Plan', {
      apiStages: [{ apiId: this.api.ref, stage: stage.ref }],
    });
    const link = new CfnUsagePlanKey(this, 'PlanKey', {
      keyId: id,
      keyType: 'API_KEY',
      usagePlanId: plan.ref,
    });
    for (const resource of [plan, link]) resource.cfnOptions.condition = isWanted;
  }
}

/** Who asked, when, what came of it and how long it took; nothing of what was asked. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.caller',
  path: '$context.path',
  status: '$context.status',
  integrationStatus: '$context.integration.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  responseBytes: '$context.responseLength',
  errorType: '$context.error.responseType',
});
