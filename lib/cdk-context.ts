import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';

/**
 * Feature flags and settings of the CDK app. They stand in `cdk.json` for the CDK command line and are
 * handed to the app directly everywhere else, so that each way of synthesizing gives the same templates.
 */
export const CDK_CONTEXT: Readonly<Record<string, unknown>> = {
  ...recommendedFlags,
  // ARNs in the manifest and in templates are literal, not `${AWS::Partition}`.
  '@aws-cdk/core:enablePartitionLiterals': true,
  // A finding of the CloudFormation rules stops the synthesis.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // The default security group is used by nothing; restricting it would cost a Lambda function per VPC.
  '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': false,
  '@aws-cdk/core:target-partitions': ['aws'],
  // Proofs and people find the construct behind a resource by its path.
  'aws:cdk:enable-path-metadata': true,
};
