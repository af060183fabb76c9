import type { IamRequest, RequestContext } from '../iam';
import { NODE_TAG, type NodeTarget } from './spec';

/** A call about a node, and what is hostile about it. */
export interface NodeRequest {
  readonly what: string;
  readonly request: IamRequest;
}

const OWN = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'];
const TAG = `ssm:resourceTag/${NODE_TAG}`;
/** Documents of AWS by which anything can be run. */
const OF_AWS = [
  'AWS-RunShellScript',
  'AWS-RunPowerShellScript',
  'AWS-RunRemoteScript',
  'AWS-RunDocument',
  'AWS-ConfigureAWSPackage',
  'AWS-ApplyAnsiblePlaybooks',
  'AWS-StartSSHSession',
];
const INSTANCE = 'i-0123456789abcdef0';
const FOREIGN_ACCOUNT = '999999999999';

/** What the roles of a node call, and nobody else may. */
export function ownRequests(node: NodeTarget): readonly NodeRequest[] {
  const { spec } = node;
  return [
    named('its document', 'ssm:SendCommand', documentArn(node, spec.document)),
    named('its node', 'ssm:SendCommand', instanceArn(node), { [TAG]: spec.nodeTag }),
    ...OWN.map((action) => named('objects of its runs', action, `${bucketArn(node)}/runs/1/log.txt`)),
  ];
}

/** What its roles must not: other documents, other machines, other objects, and other ways to run something there. */
export function hostileRequests(node: NodeTarget, all: readonly NodeTarget[]): readonly NodeRequest[] {
  return [
    ...otherDocuments(node, all),
    ...otherMachines(node, all),
    ...otherObjects(node, all),
    ...otherWays(node),
  ];
}

/** Each with the tag of the node, too: documents can have tags. */
function otherDocuments(node: NodeTarget, all: readonly NodeTarget[]): readonly NodeRequest[] {
  const { target, spec } = node;
  const siblings = all.filter(({ target: { id } }) => id !== target.id);
  const documents = [
    ...OF_AWS.flatMap((name) => [
      [`${name} of AWS`, `arn:aws:ssm:${target.region}::document/${name}`] as const,
      [`${name} of AWS`, documentArn(node, name)] as const,
    ]),
    ...siblings.map(
      (one) => [`the document of ${one.target.id}`, documentArn(one, one.spec.document)] as const,
    ),
    [`a document with a longer name`, documentArn(node, `${spec.document}-2`)] as const,
    ['a document of somebody', documentArn(node, 'anything')] as const,
    [
      'the document in another region',
      documentArn(node, spec.document).replace(target.region, 'eu-south-2'),
    ] as const,
    [
      'the document in another account',
      documentArn(node, spec.document).replace(target.account, FOREIGN_ACCOUNT),
    ] as const,
  ];
  return documents.flatMap(([what, arn]) => [
    named(what, 'ssm:SendCommand', arn),
    named(what, 'ssm:SendCommand', arn, { [TAG]: spec.nodeTag }),
  ]);
}

function otherMachines(node: NodeTarget, all: readonly NodeTarget[]): readonly NodeRequest[] {
  const { target, spec } = node;
  const tags = [
    ...all.filter((one) => one.target.id !== target.id).map((one) => one.spec.nodeTag),
    `${spec.nodeTag}-2`,
    spec.nodeTag.toUpperCase(),
    '',
  ];
  const instance = instanceArn(node);
  const managed = `arn:aws:ssm:${target.region}:${target.account}:managed-instance/mi-0123456789abcdef0`;
  return [
    named('an instance without tag', 'ssm:SendCommand', instance),
    ...tags.map((tag) =>
      named(`an instance with the tag "${tag}"`, 'ssm:SendCommand', instance, { [TAG]: tag }),
    ),
    named('an instance with another tag', 'ssm:SendCommand', instance, {
      'ssm:resourceTag/Name': spec.nodeTag,
    }),
    named(
      'an instance of another account',
      'ssm:SendCommand',
      instance.replace(target.account, FOREIGN_ACCOUNT),
      {
        [TAG]: spec.nodeTag,
      },
    ),
    named('an instance of another region', 'ssm:SendCommand', instance.replace(target.region, 'eu-south-2'), {
      [TAG]: spec.nodeTag,
    }),
    named('a machine beside EC2', 'ssm:SendCommand', managed, { [TAG]: spec.nodeTag }),
    named('a machine beside EC2', 'ssm:SendCommand', managed),
  ];
}

function otherObjects(node: NodeTarget, all: readonly NodeTarget[]): readonly NodeRequest[] {
  const bucket = bucketArn(node);
  const objects = [
    ['a backup', `${bucket}/backups/1.tar.gz`],
    ['an object beside the runs', `${bucket}/runs`],
    ['an object beside the runs', `${bucket}/runs-of-others/1/log.txt`],
    ['an object at the root', `${bucket}/log.txt`],
    ['a bucket with a longer name', `${bucket}-2/runs/1/log.txt`],
    ...all
      .filter(({ target }) => target.id !== node.target.id)
      .map((one) => [`the bucket of ${one.target.id}`, `${bucketArn(one)}/runs/1/log.txt`]),
  ];
  return [
    ...objects.flatMap(([what = '', arn = '']) => OWN.map((action) => named(what, action, arn))),
    ...['s3:ListBucket', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration', 's3:DeleteBucket'].map(
      (action) => named('the bucket itself', action, bucket),
    ),
  ];
}

/** Ways besides a command by which somebody gets onto a node, or becomes it. */
function otherWays(node: NodeTarget): readonly NodeRequest[] {
  const { target, spec } = node;
  const instance = instanceArn(node);
  const document = documentArn(node, spec.document);
  const tag = { [TAG]: spec.nodeTag, [`aws:ResourceTag/${NODE_TAG}`]: spec.nodeTag };
  // CloudFormation chooses its name, behind that of the stack.
  const role = `arn:aws:iam::${target.account}:role/${spec.nodeTag}-NodeRoleD4034043-a1B2c3D4e5F6`;
  return [
    ...[
      'ssm:StartSession',
      'ec2:CreateTags',
      'ec2:DeleteTags',
      'ec2:ModifyInstanceAttribute',
      'ec2:RebootInstances',
      'ec2:StopInstances',
      'ec2:TerminateInstances',
      'ec2:AssociateIamInstanceProfile',
      'ec2-instance-connect:SendSSHPublicKey',
    ].map((action) => named('the node itself', action, instance, tag)),
    ...[
      'ssm:UpdateDocument',
      'ssm:UpdateDocumentDefaultVersion',
      'ssm:DeleteDocument',
      'ssm:ModifyDocumentPermission',
      'ssm:CreateAssociation',
    ].map((action) => named('the document itself', action, document)),
    named('a document of its own', 'ssm:CreateDocument', documentArn(node, 'anything')),
    named(
      'an automation',
      'ssm:StartAutomationExecution',
      `arn:aws:ssm:${target.region}:${target.account}:automation-definition/AWS-RunShellScript:1`,
    ),
    named('tags of what Systems Manager manages', 'ssm:AddTagsToResource', document),
    named('the role of the node', 'iam:PassRole', role),
    named('the role of the node', 'sts:AssumeRole', role),
  ];
}

const named = (
  what: string,
  action: string,
  resource: string,
  context: RequestContext = {},
): NodeRequest => ({ what, request: { action, resource, context } });

const documentArn = ({ target }: NodeTarget, name: string): string =>
  `arn:aws:ssm:${target.region}:${target.account}:document/${name}`;

const instanceArn = ({ target }: NodeTarget): string =>
  `arn:aws:ec2:${target.region}:${target.account}:instance/${INSTANCE}`;

const bucketArn = ({ spec }: NodeTarget): string => `arn:aws:s3:::${spec.bucket}`;
