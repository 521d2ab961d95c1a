import { createHash } from 'node:crypto';
import { Aws, CfnCondition, type CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
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
import { Construct } from 'constructs';
import { logGroup } from '../log-group.ts';
import type { NetworkParameters } from '../network.ts';
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
  readonly kmsKeyArn: CfnParameter;
  readonly network: NetworkParameters;
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
  readonly isPrivate: CfnCondition;
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
    this.isPrivate = isSet(props.network.ApiEndpointType, 'PRIVATE');
    this.api = new CfnRestApi(this, 'Api', {
      name: `${Aws.STACK_NAME}-scoring`,
      description: 'Scores transactions: POST /score.',
      endpointConfiguration: { types: [either(this.isPrivate, 'PRIVATE', 'REGIONAL')] },
      policy: either(this.isPrivate, onlyFrom(props.network.VpcId)),
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
   * A deployment is a copy of the API as it was: it gets a new name whenever the method is another. What is chosen
   * when the stack is deployed (an API key, a private API) has deployments of its own, of which one is made.
   */
  #deployment(method: CfnMethod): string {
    const text = JSON.stringify([
      this.#stack.resolve(method._toCloudFormation()),
      scoreRequestSchema,
    ]);
    const mark = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const deployed = (name: string, choices: readonly Chosen[]): string => {
      const deployment = new CfnDeployment(this, `${name}${mark}`, { restApiId: this.api.ref });
      deployment.addResourceDependency(method);
      deployment.cfnOptions.condition = this.#all(name, choices);
      return deployment.ref;
    };
    const isPrivate = this.isPrivate;
    const forAccess = (name: string, key: readonly Chosen[]): string =>
      either(
        isPrivate,
        deployed(`${name}Private`, [...key, [isPrivate, true]]),
        deployed(name, [...key, [isPrivate, false]]),
      );
    if (!this.key) return forAccess('Deployment', []);
    const { isWanted } = this.key;
    return either(
      isWanted,
      forAccess('DeploymentWithKey', [[isWanted, true]]),
      forAccess('Deployment', [[isWanted, false]]),
    );
  }

  #all(name: string, choices: readonly Chosen[]): CfnCondition {
    const each = choices.map(([condition, is]) => (is ? condition : Fn.conditionNot(condition)));
    const [only] = each;
    const expression = each.length === 1 && only ? only : Fn.conditionAnd(...each);
    return new CfnCondition(this, `Is${name}`, { expression });
  }

  #stageOf(method: CfnMethod): CfnStage {
    const group = logGroup(this, 'AccessLog', this.#props);
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

/** A choice, and how it was made. */
type Chosen = readonly [condition: CfnCondition, is: boolean];

/**
 * The policy of a private API: identities of the account, if their own policies allow it, from the one VPC.
 * Source: API Gateway, "Resource policy examples".
 */
function onlyFrom(vpcId: CfnParameter): object {
  const invoke = { Action: 'execute-api:Invoke', Resource: `execute-api:/${STAGE}/POST/score` };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        ...invoke,
        Condition: { StringNotEquals: { 'aws:SourceVpc': vpcId.valueAsString } },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
        ...invoke,
      },
    ],
  };
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
