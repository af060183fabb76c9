import type { VirtualClock } from '../clock/virtual-clock';
import type { Machines } from '../machine';
import { ApplicationAutoScalingService } from './application-autoscaling';
import { Channels } from '../channels';
import { DockerHub } from '../docker-hub';
import { GithubApi } from '../github-api';
import { CloudFormationService } from './cloudformation';
import { clientRequests } from './client-requests';
import { CloudWatchService } from './cloudwatch';
import { Ec2Service } from './ec2';
import { EcrService } from './ecr';
import { EcsService } from './ecs';
import { hookFunctions, listenerRules } from './ecs-roles';
import { Elbv2Service } from './elbv2';
import { gpuPrograms } from './gpu-program';
import { IamService } from './iam';
import { imagePulls } from './image-pulls';
import type { InsideCall } from './inside-call';
import { LambdaService } from './lambda';
import { LogsService } from './logs';
import { createNodes } from './nodes';
import { S3Service } from './s3';
import { modelSources, SageMakerService } from './sagemaker';
import { SnsService } from './sns';
import { SsmService } from './ssm';
import { StsService, type TokenReader } from './sts';

/** What the services work with besides each other. */
export interface WorldPorts {
  readonly clock: VirtualClock;
  readonly tokens: TokenReader;
  /** Base URL of the server. */
  readonly endpoint: () => string;
  /** Calls of instances. */
  readonly inside: InsideCall;
}

/** Every emulated service, by the name that people use. */
export interface World {
  readonly autoscaling: ApplicationAutoScalingService;
  readonly channels: Channels;
  readonly cloudformation: CloudFormationService;
  readonly cloudwatch: CloudWatchService;
  readonly dockerHub: DockerHub;
  readonly ec2: Ec2Service;
  readonly ecr: EcrService;
  readonly ecs: EcsService;
  readonly elbv2: Elbv2Service;
  readonly github: GithubApi;
  readonly iam: IamService;
  readonly lambda: LambdaService;
  readonly logs: LogsService;
  readonly machines: Machines;
  readonly s3: S3Service;
  readonly sagemaker: SageMakerService;
  readonly sns: SnsService;
  readonly ssm: SsmService;
  readonly sts: StsService;
}

/** Puts the services together: what one needs of another, it gets here. */
export function createWorld({ clock, tokens, endpoint, inside }: WorldPorts): World {
  const iam = new IamService();
  const ecr = new EcrService({ clock, endpoint });
  const logs = new LogsService({ clock });
  const cloudwatch = new CloudWatchService({ clock });
  const elbv2 = new Elbv2Service({ clock });
  const images = imagePulls(ecr, iam, clock);
  const s3 = new S3Service({ clock });
  const sources = modelSources({ clock, ecr, iam, logs, s3 });
  const ec2 = new Ec2Service();
  const dockerHub = new DockerHub();
  const nodes = createNodes({ clock, ec2, ecr, dockerHub, iam, inside });
  const lambda: LambdaService = new LambdaService({ clock, logs, ...clientRequests(elbv2, () => ecs) });
  const ecs: EcsService = new EcsService({
    clock,
    images,
    logs,
    alarms: cloudwatch,
    targets: elbv2,
    rules: listenerRules({ clock, iam, elbv2 }),
    functions: hookFunctions({ clock, iam, lambda }),
    programs: gpuPrograms(ecr),
  });
  return {
    autoscaling: new ApplicationAutoScalingService({ clock }),
    channels: new Channels(),
    cloudformation: new CloudFormationService(),
    cloudwatch,
    dockerHub,
    ec2,
    ecr,
    ecs,
    elbv2,
    github: new GithubApi(),
    iam,
    lambda,
    logs,
    machines: nodes.machines,
    s3,
    sagemaker: new SageMakerService({ clock, alarms: cloudwatch, ...sources }),
    sns: new SnsService({ clock }),
    ssm: new SsmService({ clock, nodes }),
    sts: new StsService({ iam, tokens }),
  };
}
