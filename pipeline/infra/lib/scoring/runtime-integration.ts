import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allowing, arnHere, trustedService } from '../policy.ts';
import { answerHeaders, headerMap, requestHeaders } from './headers.ts';
import { answerMappings, requestTemplates } from './mapping.ts';
import { INTEGRATION_TIMEOUT_MS, type ScoringBackend } from './scoring-api.ts';

/** The way of the API to a SageMaker endpoint, with the role that may invoke this one. */
export function runtimeIntegration(scope: Construct, endpointName: string): ScoringBackend {
  const role = new CfnRole(scope, 'InvokeRole', {
    assumeRolePolicyDocument: trustedService('apigateway.amazonaws.com'),
    policies: [
      {
        policyName: 'invoke',
        policyDocument: allowing({
          actions: ['sagemaker:InvokeEndpoint'],
          resources: [arnHere('sagemaker', `endpoint/${endpointName}`)],
        }),
      },
    ],
  });
  return {
    stageVariables: { endpoint: endpointName },
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
