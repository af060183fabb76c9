import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { AlarmBehavior, Ec2Service, PlacementStrategy } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { PlainNetworkStack } from './account-stacks';
import { balancer } from './balancer';
import { gpuTask } from './container';
import { type DeployedNames, deployStatements } from './deploy-statements';
import { GithubRole } from './github-role';
import { gpuCapacity } from './gpu-capacity';
import { type PlainDeployment, type PlainEnvironment, PLATFORM, REGION, ZONES } from './settings';

const PORT = 8080;

export interface PlainServiceStackProps {
  readonly service: string;
  readonly environment: PlainEnvironment;
  readonly deployment: PlainDeployment;
  readonly network: PlainNetworkStack;
  readonly repositoryArn: string;
}

/** Once for each service and environment: cluster, service, load balancer, alarms, deploy roles. */
export class PlainServiceStack extends Stack {
  constructor(scope: Construct, props: PlainServiceStackProps) {
    const { environment, deployment, network } = props;
    const base = `${PLATFORM}-${props.service}-${environment.name}`;
    super(scope, base, { env: { account: environment.account, region: REGION } });
    const parameters = `/${PLATFORM}/${environment.name}/${props.service}`;
    const names: DeployedNames = {
      account: environment.account,
      cluster: base,
      service: props.service,
      taskRole: `${base}-task`,
      executionRole: `${base}-execution`,
      logGroup: parameters,
      parameters,
    };
    const { cluster, capacityProvider } = gpuCapacity(this, {
      clusterName: base,
      vpc: network.vpc,
      ...deployment,
    });
    const securityGroup = new SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: network.vpc,
      description: 'Tasks',
    });
    const service = new Ec2Service(this, 'Service', {
      serviceName: names.service,
      cluster,
      taskDefinition: gpuTask(this, names, props.repositoryArn, PORT),
      desiredCount: deployment.minTasks,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
      placementStrategies: [
        PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        PlacementStrategy.packedByMemory(),
      ],
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [securityGroup],
      healthCheckGracePeriod: Duration.seconds(180),
      enableECSManagedTags: true,
      enableExecuteCommand: false,
    });
    const { url, alarms, alarmNames } = balancer(this, {
      network,
      target: service.loadBalancerTarget({ containerName: names.service, containerPort: PORT }),
      taskSecurityGroup: securityGroup,
      port: PORT,
      alarmPrefix: base,
    });
    service.enableDeploymentAlarms(alarmNames, { behavior: AlarmBehavior.ROLLBACK_ON_ALARM });
    service.node.addDependency(...alarms);
    service
      .autoScaleTaskCount({ minCapacity: deployment.minTasks, maxCapacity: deployment.maxTasks })
      .scaleOnCpuUtilization('Cpu', {
        targetUtilizationPercent: 60,
        scaleInCooldown: Duration.minutes(10),
        scaleOutCooldown: Duration.minutes(3),
      });
    this.githubRoles(props, names);
    new CfnOutput(this, 'Url', { value: url });
  }

  override get availabilityZones(): string[] {
    return [...ZONES];
  }

  private githubRoles({ service, environment }: PlainServiceStackProps, names: DeployedNames): void {
    const { account, name } = environment;
    new GithubRole(this, 'Deploy', {
      roleName: `${names.cluster}-deploy`,
      account,
      environment: name,
      workflows: [`${service}-deploy.yml`, `${service}-rollback.yml`],
      ...deployStatements(names),
    });
    if (!environment.reviewed) return;
    new GithubRole(this, 'Rollback', {
      roleName: `${names.cluster}-rollback`,
      account,
      environment: `${name}-rollback`,
      workflows: [`${service}-deploy.yml`],
      ...deployStatements(names),
    });
  }
}
