import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnDeletionPolicy,
  CfnOutput,
  Stack,
} from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { declareParameters, isSet } from './parameter.ts';
import { trustedService } from './policy.ts';

/**
 * What must be there before a pipeline is, and stays when it goes: the bucket of the jar and the model, and the
 * role with which API Gateway writes logs, of which an account has one in each region.
 */
export class FoundationStack extends Stack {
  constructor(app: App, id: string) {
    super(app, id, {
      description: 'fraudstream: bucket of artifacts, and the log role of API Gateway.',
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
    });
    const bucket = this.#bucket();
    this.#onlyByTls(bucket);
    this.#logsAccount();
    const output = new CfnOutput(this, 'ArtifactsBucket', { value: bucket.ref });
    output.description = 'Bucket of artifacts';
  }

  #bucket(): CfnBucket {
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          { serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
        ],
      },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      versioningConfiguration: { status: 'Enabled' },
      lifecycleConfiguration: {
        rules: [
          { id: 'old', status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 30 } },
          { id: 'captured', status: 'Enabled', prefix: 'captured/', expirationInDays: 30 },
        ],
      },
    });
    keep(bucket);
    return bucket;
  }

  #onlyByTls(bucket: CfnBucket): void {
    new CfnBucketPolicy(this, 'OnlyByTls', {
      bucket: bucket.ref,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  }

  #logsAccount(): void {
    const { SetLogsRole } = declareParameters(this, 'API Gateway', foundationParameters);
    const role = new CfnRole(this, 'LogsRole', {
      assumeRolePolicyDocument: trustedService('apigateway.amazonaws.com'),
      managedPolicyArns: [
        `arn:${Aws.PARTITION}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
      ],
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.attrArn });
    for (const resource of [role, account]) {
      resource.cfnOptions.condition = isSet(SetLogsRole, 'true');
      keep(resource);
    }
  }
}

function keep(resource: CfnBucket | CfnRole | CfnAccount): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}

const foundationParameters = {
  SetLogsRole: {
    meaning: 'Set the role with which API Gateway writes logs; false when this region has one.',
    default: 'true',
    allowed: ['true', 'false'],
  },
} as const;
