import { resourcesOfStack, type Mutation, type Sources } from '../../sample';
import { set } from '../set-property';
import { NODE_PRODUCTION as NODE } from '../workflow-names';
import { contentOf, defects, editFile, inNode, type Json, nodeRole, rewrite } from './edit';

const stranger = defects('P03', `${NODE}/Node`);
const kept = defects('P09', `${NODE}/Node`);
const fits = defects('P10', `${NODE}/Node/Node/Instance`);
const times = defects('P07', 'production-platform-production');

const WORKER = 'production/30-deployments/worker.yaml';
const idOf = (sample: Sources, type: string, stack = NODE): string => {
  const found = Object.entries(resourcesOfStack(sample, stack)).filter(([, { Type }]) => Type === type);
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${type}`);
  return only[0];
};
const NETWORK = 'ml-platform-network-production';
/** Name of the output by which the network hands on a subnet; a public one is named alike. */
const subnetOutput = (sample: Sources, of: 'Private' | 'Public'): string => {
  const id = Object.keys(resourcesOfStack(sample, NETWORK)).find((one) => one.includes(`${of}Subnet1Subnet`));
  const given = JSON.stringify(inNode(sample, 'AWS::EC2::Instance').Properties.SubnetId);
  const name = /"(\w+OutputRef)\w+"/.exec(given);
  if (!id || !name) throw new Error(`no ${of} subnet`);
  return `${name[1] ?? ''}${id}`;
};
const remove = (sample: Sources, type: string, has?: (properties: Json) => boolean) => {
  const resource = inNode(sample, type, has);
  const resources = resourcesOfStack(sample, NODE);
  const id = Object.keys(resources).find((one) => resources[one] === resource) ?? '';
  Reflect.deleteProperty(resources, id);
};
const inbound = (rule: Json) => (sample: Sources) => {
  inNode(sample, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress = [rule];
};
const metadata = (name: string, value: unknown) => (sample: Sources) =>
  set(inNode(sample, 'AWS::EC2::LaunchTemplate'), ['LaunchTemplateData', 'MetadataOptions', name], value);
const instance = (name: string, value: unknown) => (sample: Sources) => {
  inNode(sample, 'AWS::EC2::Instance').Properties[name] = value;
};
const bucket = (name: string, value: unknown) => (sample: Sources) => {
  inNode(sample, 'AWS::S3::Bucket').Properties[name] = value;
};
const rules = (sample: Sources): Json[] =>
  (inNode(sample, 'AWS::S3::Bucket').Properties.LifecycleConfiguration as { Rules: Json[] }).Rules;
const rule = (id: string, change: Json) => (sample: Sources) => {
  const found = rules(sample).find(({ Id }) => Id === id);
  if (!found) throw new Error(`no rule ${id}`);
  Object.assign(found, change);
};
const raw = (sample: Sources, type: string) =>
  resourcesOfStack(sample, NODE)[idOf(sample, type)] as unknown as Record<string, unknown>;

/** Doors of a node, and of what it works with, that stand open. */
export const OPEN_NODE_MUTATIONS: readonly Mutation[] = [
  stranger('SSH is open', inbound({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' })),
  stranger(
    'the API of K3s is open',
    inbound({ IpProtocol: 'tcp', FromPort: 6443, ToPort: 6443, CidrIp: '0.0.0.0/0' }),
  ),
  stranger('every port is open', inbound({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' })),
  stranger(
    'a range of ports is open',
    inbound({ IpProtocol: 'tcp', FromPort: 80, ToPort: 443, CidrIp: '0.0.0.0/0' }),
  ),
  stranger(
    'a rule beside the group opens it',
    (sample) => {
      resourcesOfStack(sample, NODE).Open = {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: {
          GroupId: { 'Fn::GetAtt': [idOf(sample, 'AWS::EC2::SecurityGroup'), 'GroupId'] },
          IpProtocol: 'udp',
          FromPort: 8472,
          ToPort: 8472,
        },
      };
    },
    `${NODE}/Open`,
  ),
  stranger('a port for requests that no route takes', (sample) => {
    inbound({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '10.0.0.0/8' })(sample);
    sample.files = sample.files.map((file) => ({
      ...file,
      text: file.text.replace('kind: IngressRoute\n', 'kind: Middleware\n'),
    }));
  }),
  stranger('a public subnet', (sample) =>
    rewrite(
      inNode(sample, 'AWS::EC2::Instance'),
      subnetOutput(sample, 'Private'),
      subnetOutput(sample, 'Public'),
    ),
  ),
  stranger('a private subnet that became public', (sample) => {
    const routes = Object.values(resourcesOfStack(sample, NETWORK)).filter(
      ({ Type, Properties }) => Type === 'AWS::EC2::Route' && 'NatGatewayId' in Properties,
    );
    for (const { Properties } of routes)
      Properties.GatewayId = { Ref: idOf(sample, 'AWS::EC2::InternetGateway', NETWORK) };
  }),
  stranger('a subnet that gives addresses', (sample) => {
    for (const { Type, Properties } of Object.values(resourcesOfStack(sample, NETWORK)))
      if (Type === 'AWS::EC2::Subnet') Properties.MapPublicIpOnLaunch = true;
  }),
  stranger('a subnet of somebody else', instance('SubnetId', 'subnet-0123456789abcdef0')),
  stranger('a group of somebody else', instance('SecurityGroupIds', ['sg-0123456789abcdef0'])),
  stranger('metadata for whoever asks', metadata('HttpTokens', 'optional')),
  stranger('metadata for pods', metadata('HttpPutResponseHopLimit', 2)),
  stranger('no settings for metadata', (sample) =>
    set(inNode(sample, 'AWS::EC2::LaunchTemplate'), ['LaunchTemplateData', 'MetadataOptions'], {}),
  ),
  stranger('a key that opens a shell', instance('KeyName', 'admin')),
  stranger(
    'an address in the Internet',
    instance('NetworkInterfaces', [{ DeviceIndex: '0', AssociatePublicIpAddress: true }]),
  ),
  stranger('an elastic address', (sample) => {
    resourcesOfStack(sample, NODE).Address = {
      Type: 'AWS::EC2::EIP',
      Properties: { InstanceId: { Ref: idOf(sample, 'AWS::EC2::Instance') } },
    };
  }),
  stranger('the role of the node is trusted by tasks', (sample) => {
    const role = nodeRole(sample);
    const { Statement } = role.Properties.AssumeRolePolicyDocument as { Statement: Json[] };
    Statement.push({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
    });
  }),
  stranger(
    'a bucket that anybody may open',
    bucket('PublicAccessBlockConfiguration', { BlockPublicAcls: true }),
  ),
  stranger('a bucket without encryption of its own', bucket('BucketEncryption', undefined)),
  stranger('a bucket over plain HTTP', (sample) => remove(sample, 'AWS::S3::BucketPolicy')),
  stranger('a bucket that lets an account in', (sample) => {
    const { Statement } = inNode(sample, 'AWS::S3::BucketPolicy').Properties.PolicyDocument as {
      Statement: Json[];
    };
    Statement.push({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Principal: { AWS: 'arn:aws:iam::333333333333:root' },
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [idOf(sample, 'AWS::S3::Bucket'), 'Arn'] }, '/*']] },
    });
  }),
];

/** Nodes that lose what one needs to go back. */
export const LOST_NODE_MUTATIONS: readonly Mutation[] = [
  kept('a data volume that goes with its stack', (sample) => {
    raw(sample, 'AWS::EC2::Volume').DeletionPolicy = 'Delete';
  }),
  kept('a data volume that goes when it is replaced', (sample) => {
    raw(sample, 'AWS::EC2::Volume').UpdateReplacePolicy = 'Delete';
  }),
  kept('a data volume in clear', (sample) => set(inNode(sample, 'AWS::EC2::Volume'), ['Encrypted'], false)),
  kept('no data volume', (sample) => remove(sample, 'AWS::EC2::VolumeAttachment')),
  kept('snapshots that are switched off', (sample) =>
    set(inNode(sample, 'AWS::DLM::LifecyclePolicy'), ['State'], 'DISABLED'),
  ),
  kept('snapshots of other volumes', (sample) =>
    set(
      inNode(sample, 'AWS::DLM::LifecyclePolicy'),
      ['PolicyDetails', 'TargetTags'],
      [{ Key: 'Name', Value: 'other' }],
    ),
  ),
  kept('snapshots of which none is kept', (sample) => {
    const { Schedules } = inNode(sample, 'AWS::DLM::LifecyclePolicy').Properties.PolicyDetails as {
      Schedules: Json[];
    };
    Object.assign(Schedules[0] ?? {}, { RetainRule: { Count: 0 } });
  }),
  kept('no alarm that recovers the node', (sample) =>
    remove(sample, 'AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === 'StatusCheckFailed_System'),
  ),
  kept('an alarm that does nothing', (sample) => {
    inNode(
      sample,
      'AWS::CloudWatch::Alarm',
      ({ MetricName }) => MetricName === 'StatusCheckFailed_System',
    ).Properties.AlarmActions = [];
  }),
  kept('objects of runs that stay for ever', rule('runs', { Status: 'Disabled' })),
  kept('objects of runs that stay for months', rule('runs', { ExpirationInDays: 90 })),
  kept('backups that go with the runs', rule('backups', { ExpirationInDays: 1 })),
  kept('a rule that takes everything', rule('runs', { Prefix: '' })),
  kept('uploads that never end', rule('unfinished', { Status: 'Disabled' })),
];

/** Nodes that are too small, or too slow, for what they are asked to run. */
export const SMALL_NODE_MUTATIONS: readonly Mutation[] = [
  fits('an instance below what K3s needs', instance('InstanceType', 't3.micro')),
  fits('an instance of which nobody knows the size', instance('InstanceType', 't9.huge')),
  fits('pods that request more than is left', (sample) =>
    editFile(sample, WORKER, 'memory: 48Mi', 'memory: 4Gi'),
  ),
  fits('more replicas than fit', (sample) => editFile(sample, WORKER, /replicas: \d+/, 'replicas: 60')),
  fits('a surge that does not fit', (sample) => editFile(sample, WORKER, /maxSurge: \d+/, 'maxSurge: 60')),
  fits('pods that request more CPU than there is', (sample) =>
    editFile(sample, WORKER, /cpu: \S+/, 'cpu: 2'),
  ),
  fits('both tracks do not fit beside each other', (sample) => {
    for (const track of ['blue', 'green']) {
      editFile(sample, `production/40-routed/api/${track}.yaml`, 'memory: 48Mi', 'memory: 700Mi');
    }
  }),
  fits('an autoscaler beyond the node', (sample) => {
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: worker\n  namespace: production-platform\nspec:\n  scaleTargetRef:\n    kind: Deployment\n    name: worker\n  minReplicas: 1\n  maxReplicas: 60\n';
    sample.files = sample.files.map((file) =>
      file.path.endsWith(WORKER) ? { ...file, text: `${file.text}---\n${scaler}` } : file,
    );
  }),
  defects('P10', WORKER)('a container without requests', (sample) =>
    editFile(sample, WORKER, /cpu: \S+\n\s+memory: \S+\n\s+ephemeral/, 'ephemeral'),
  ),
  defects('P10', '40-routed/api/route.yaml')('a first share that nobody serves', (sample) =>
    editFile(sample, 'production/40-routed/api/route.yaml', 'weight: 100', 'weight: 0'),
  ),
  defects('P10', '40-routed/api/route.yaml')('a track without Service', (sample) =>
    editFile(sample, 'production/40-routed/api/shared.yaml', /kind: Service\n/, 'kind: Endpoints\n'),
  ),
  defects('P10', 'production-platform-production')('a canary of nothing', (sample) => {
    sample.manifest = JSON.parse(
      JSON.stringify(sample.manifest).replace('"routed":["api"]', '"routed":[]'),
    ) as Sources['manifest'];
  }),
  defects('P10', 'production-platform-production')('a canary that goes back and forth', (sample) => {
    sample.manifest = JSON.parse(
      JSON.stringify(sample.manifest).replace('"steps":[10,50]', '"steps":[50,10]'),
    ) as Sources['manifest'];
  }),
  times('a deadline that is not that of the jobs', (sample) => {
    sample.manifest = JSON.parse(
      JSON.stringify(sample.manifest).replaceAll('"deadlineSeconds":1800', '"deadlineSeconds":3600'),
    ) as Sources['manifest'];
  }),
  times('a watch that leaves no time for the rollout', (sample) => {
    sample.manifest = JSON.parse(
      JSON.stringify(sample.manifest).replaceAll('"stepSeconds":300', '"stepSeconds":900'),
    ) as Sources['manifest'];
  }),
  times('a document that ends before the deployment', (sample) => {
    const [step] = contentOf(sample).mainSteps;
    if (step) step.inputs.timeoutSeconds = '600';
  }),
  times('a document with the timeout of AWS', (sample) => {
    const [step] = contentOf(sample).mainSteps;
    if (step) step.inputs.timeoutSeconds = undefined;
  }),
];
