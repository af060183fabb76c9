import type { Mutation, Sources } from '../../sample';
import { NODE_PRODUCTION as NODE, NODE_STAGING } from '../workflow-names';
import {
  defects,
  inNode,
  type Json,
  nodeRole,
  type Statement,
  statementOn,
  statementsIn,
  statementsOf,
} from './edit';

const BUCKET = `${NODE}-runs-222222222222`;
const DOCUMENT = `arn:aws:ssm:us-east-1:222222222222:document/${NODE}`;
const INSTANCES = 'arn:aws:ec2:us-east-1:222222222222:instance/*';
const TAG = 'ssm:resourceTag/lockstep:target';

const deployStatements = (sample: Sources) => statementsOf(sample, `${NODE}-deploy`);
const reach = defects('P06', `${NODE}/Deploy`);
const granting =
  (statement: Omit<Statement, 'Effect'>, role = `${NODE}-deploy`) =>
  (sample: Sources) => {
    statementsOf(sample, role).push({ Effect: 'Allow', ...statement });
  };
/** Changes the statement by which the document, or the instance, may be used. */
const sending = (on: string, change: (statement: Statement) => void) => (sample: Sources) =>
  change(statementOn(deployStatements(sample), 'ssm:SendCommand', on));
const write = (Resource: string) => granting({ Action: 's3:PutObject', Resource });

/** A deploy role that reaches more than its node by its document. */
export const NODE_REACH_MUTATIONS: readonly Mutation[] = [
  reach(
    'a role may run AWS-RunShellScript',
    granting({ Action: 'ssm:SendCommand', Resource: 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript' }),
  ),
  reach(
    'a role may run every document of AWS',
    granting({ Action: 'ssm:SendCommand', Resource: 'arn:aws:ssm:*::document/AWS-*' }),
  ),
  reach(
    'a role may run every document of its account',
    sending('document', (one) => {
      one.Resource = 'arn:aws:ssm:us-east-1:222222222222:document/*';
    }),
  ),
  reach(
    'a role may run documents whose names begin alike',
    sending('document', (one) => {
      one.Resource = `${DOCUMENT}*`;
    }),
  ),
  reach(
    'a role may run anything anywhere',
    sending('document', (one) => {
      one.Resource = '*';
    }),
  ),
  reach(
    'a role may run the document of another environment',
    granting({
      Action: 'ssm:SendCommand',
      Resource: `arn:aws:ssm:us-east-1:111111111111:document/${NODE_STAGING}`,
    }),
  ),
  reach(
    'a role reaches nodes without tag',
    sending('instance', (one) => {
      delete one.Condition;
    }),
  ),
  reach(
    'a role reaches the node of another environment',
    sending('instance', (one) => {
      one.Condition = { StringEquals: { [TAG]: [NODE, NODE_STAGING] } };
    }),
  ),
  reach(
    'a role reaches nodes whose tags begin alike',
    sending('instance', (one) => {
      one.Condition = { StringLike: { [TAG]: `${NODE}*` } };
    }),
  ),
  reach(
    'a role reaches nodes whose tag differs in case',
    sending('instance', (one) => {
      one.Condition = { StringEqualsIgnoreCase: { [TAG]: NODE } };
    }),
  ),
  reach(
    'a role reaches nodes whose tag is missing',
    sending('instance', (one) => {
      one.Condition = { StringEqualsIfExists: { [TAG]: NODE } };
    }),
  ),
  reach(
    'a role tests another tag of a node',
    sending('instance', (one) => {
      one.Condition = { StringEquals: { 'ssm:resourceTag/Name': NODE } };
    }),
  ),
  reach(
    'a role reaches nodes of every region',
    sending('instance', (one) => {
      one.Resource = INSTANCES.replace('us-east-1', '*');
    }),
  ),
  reach(
    'a role reaches machines beside EC2',
    sending('instance', (one) => {
      one.Resource = [INSTANCES, 'arn:aws:ssm:us-east-1:222222222222:managed-instance/*'];
    }),
  ),
  reach(
    'the tag is tested and the resource is everything',
    sending('instance', (one) => {
      one.Resource = '*';
    }),
  ),
  reach('a role writes backups', write(`arn:aws:s3:::${BUCKET}/backups/*`)),
  reach('a role writes the whole bucket', write(`arn:aws:s3:::${BUCKET}/*`)),
  reach('a role writes what begins like its runs', write(`arn:aws:s3:::${BUCKET}/runs*`)),
  reach('a role writes buckets whose names begin alike', write(`arn:aws:s3:::${NODE}-*/runs/*`)),
  reach('a role opens a shell on the node', granting({ Action: 'ssm:StartSession', Resource: INSTANCES })),
  reach(
    'a role gives the tag to another machine',
    granting({ Action: 'ec2:CreateTags', Resource: INSTANCES }),
  ),
  reach(
    'a role changes the document',
    granting({ Action: ['ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion'], Resource: DOCUMENT }),
  ),
  reach('a role makes a document of its own', granting({ Action: 'ssm:CreateDocument', Resource: '*' })),
  reach(
    'a role runs the document by an association',
    granting({ Action: 'ssm:CreateAssociation', Resource: DOCUMENT }),
  ),
  reach(
    'a role hands the role of the node on',
    granting({ Action: 'iam:PassRole', Resource: `arn:aws:iam::222222222222:role/${NODE}-NodeRole*` }),
  ),
  reach(
    'a role opens the bucket',
    granting({ Action: 's3:PutBucketPolicy', Resource: `arn:aws:s3:::${BUCKET}` }),
  ),
  defects('P06', `${NODE}/Rollback`)('the way back may run every document', (sample) => {
    statementOn(statementsOf(sample, `${NODE}-rollback`), 'ssm:SendCommand', 'document').Resource =
      'arn:aws:ssm:us-east-1:222222222222:document/*';
  }),
  defects('P06', 'production-platform-api-images/')(
    'a role pushes into the repository of its sibling',
    (sample) => {
      const statements = statementsOf(
        sample,
        'ml-platform-production-platform-api-publish',
        'ml-platform-production-platform-api-images',
      );
      statementOn(statements, 'ecr:PutImage', 'production-platform-api').Resource =
        'arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/production-platform-*';
    },
  ),
];

const other = defects('P03', NODE_STAGING);
const api = 'ml-platform-production-platform-api';

/** Roles of other jobs that get to a node. */
export const NODE_STRANGER_MUTATIONS: readonly Mutation[] = [
  other('a role of staging may send to production', (sample) => {
    statementsOf(sample, `${NODE_STAGING}-deploy`, NODE_STAGING).push(
      { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: DOCUMENT },
      {
        Effect: 'Allow',
        Action: 'ssm:SendCommand',
        Resource: INSTANCES,
        Condition: { StringEquals: { [TAG]: NODE } },
      },
    );
  }),
  other('a role of staging writes runs of production', (sample) => {
    statementsOf(sample, `${NODE_STAGING}-deploy`, NODE_STAGING).push({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${BUCKET}/runs/*`,
    });
  }),
  defects('P03', `${api}-images`)('a role that publishes may run the document', (sample) => {
    statementsOf(sample, `${api}-publish`, `${api}-images`).push({
      Effect: 'Allow',
      Action: 'ssm:SendCommand',
      Resource: DOCUMENT,
    });
  }),
  defects('P03', `${api}-images`)('a role that scans reads runs', (sample) => {
    statementsOf(sample, `${api}-scan`, `${api}-images`).push({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::*/runs/*',
    });
  }),
];

const missing = defects('P04', `${NODE}/Node`);
const beyond = defects('P05', `${NODE}/Node`);
const nodeStatements = (sample: Sources) => statementsIn(nodeRole(sample));
const without = (action: string, resource: string) => (sample: Sources) => {
  const statement = statementOn(nodeStatements(sample), action, resource);
  statement.Action = [statement.Action].flat().filter((one) => one !== action);
  if (statement.Action.length === 0) statement.Action = 's3:GetObjectAcl';
};
const also = (Action: string | string[], Resource: string, Condition?: Json) => (sample: Sources) => {
  nodeStatements(sample).push({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });
};

/** The role of the node: what it lacks, and what it has too much. */
export const NODE_ROLE_MUTATIONS: readonly Mutation[] = [
  missing('the agent may not report', without('ssm:UpdateInstanceInformation', '*')),
  missing('the agent may not open its channel', without('ssmmessages:OpenDataChannel', '*')),
  missing('the node may not log in to ECR', without('ecr:GetAuthorizationToken', '*')),
  missing('the node may not pull one image of two', (sample) => {
    statementOn(nodeStatements(sample), 'ecr:BatchGetImage', 'repository').Resource =
      'arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/production-platform-api';
  }),
  missing('the node may not read its manifests', without('s3:GetObject', 'runs')),
  missing('the node may not list its manifests', without('s3:ListBucket', BUCKET)),
  missing('the node may not write backups', without('s3:PutObject', 'backups')),
  missing('the node may not write its log', without('logs:PutLogEvents', 'log-group')),
  missing('the node has no role', (sample) => {
    Reflect.deleteProperty(inNode(sample, 'AWS::EC2::Instance').Properties, 'IamInstanceProfile');
  }),
  missing('EC2 does not get the role', (sample) => {
    const role = nodeRole(sample);
    const { Statement: trust } = role.Properties.AssumeRolePolicyDocument as { Statement: Json[] };
    Object.assign(trust[0] ?? {}, { Principal: { Service: 'ecs.amazonaws.com' } });
  }),
  beyond('the node pulls images of every workload', (sample) => {
    statementOn(nodeStatements(sample), 'ecr:BatchGetImage', 'repository').Resource =
      'arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/*';
  }),
  beyond(
    'the node pushes images',
    also('ecr:PutImage', 'arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/production-platform-api'),
  ),
  beyond('the node reads parameters', also('ssm:GetParameter', '*')),
  beyond('the node sends commands', also('ssm:SendCommand', '*')),
  beyond('the node reads backups', also('s3:GetObject', `arn:aws:s3:::${BUCKET}/backups/*`)),
  beyond('the node deletes objects', also('s3:DeleteObject', `arn:aws:s3:::${BUCKET}/runs/*`)),
  beyond('the node lists the whole bucket', (sample) => {
    delete statementOn(nodeStatements(sample), 's3:ListBucket', BUCKET).Condition;
  }),
  beyond(
    'the node writes every log',
    also('logs:PutLogEvents', 'arn:aws:logs:us-east-1:222222222222:log-group:*'),
  ),
  beyond('the node has a managed policy of AWS', (sample) => {
    nodeRole(sample).Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'];
  }),
];
