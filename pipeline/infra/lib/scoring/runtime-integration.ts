import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { allowing, trustedService } from '../policy.ts';
import { answerHeaders, headerMap, requestHeaders } from './headers.ts';
import { answerMappings, requestTemplates } from './mapping.ts';
import { INTEGRATION_TIMEOUT_MS, type ScoringBackend } from './scoring-api.ts';

/**
 * The way of the API to a SageMaker endpoint, with the role that may invoke those of the stack.
 *
 * The stage learns the name from the endpoint itself: a new endpoint is there before requests go to it.
 */
export function runtimeIntegration(
  scope: Construct,
  endpoint: CfnEndpoint,
  endpointArns: string,
): ScoringBackend {
  const role = new CfnRole(scope, 'InvokeRole', {
    assumeRolePolicyDocument: trustedService('apigateway.amazonaws.com'),
    policies: [
      {
        policyName: 'invoke',
        policyDocument: allowing({
          actions: ['sagemaker:InvokeEndpoint'],
          resources: [endpointArns],
        }),
      },
    ],
  });
  return {
    stageVariables: { endpoint: endpoint.attrEndpointName },
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
