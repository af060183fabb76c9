import { CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AlarmBehavior } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { PlainNetworkStack } from './account-stacks';
import { balancer } from './balancer';
import { taskDefinition } from './container';
import { type DeployedNames, deployStatements } from './deploy-statements';
import { GithubRole } from './github-role';
import { notices } from './notices';
import { plainService } from './service';
import {
  type PlainDeployment,
  type PlainEnvironment,
  type PlainService,
  PLATFORM,
  zonesOf,
} from './settings';
import { verification } from './verification';

const PORT = 8080;

export interface PlainServiceStackProps {
  readonly service: PlainService;
  readonly environment: PlainEnvironment;
  readonly deployment: PlainDeployment;
  readonly network: PlainNetworkStack;
  readonly repositoryArn: string;
}

/** Once for each service and environment: cluster, service, load balancer, alarms, deploy roles. */
export class PlainServiceStack extends Stack {
  constructor(scope: Construct, props: PlainServiceStackProps) {
    const { environment, deployment, network } = props;
    const { id, region, task } = props.service;
    const base = `${PLATFORM}-${id}-${environment.name}`;
    super(scope, base, { env: { account: environment.account, region } });
    const parameters = `/${PLATFORM}/${environment.name}/${id}`;
    const names: DeployedNames = {
      account: environment.account,
      region,
      cluster: base,
      service: id,
      taskRole: `${base}-task`,
      executionRole: `${base}-execution`,
      logGroup: parameters,
      parameters,
      verification: `${base}-verify`,
    };
    const securityGroup = new SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: network.vpc,
      description: 'Tasks',
    });
    const service = plainService(this, {
      names,
      deployment,
      network,
      taskDefinition: taskDefinition(this, names, props.repositoryArn, PORT, task),
      securityGroup,
    });
    const {
      url,
      securityGroup: inFront,
      alarms,
      alarmNames,
    } = balancer(this, {
      network,
      target: service.loadBalancerTarget({ containerName: names.service, containerPort: PORT }),
      taskSecurityGroup: securityGroup,
      port: PORT,
      healthPath: task.healthPath,
      alarmPrefix: base,
    });
    service.enableDeploymentAlarms(alarmNames, { behavior: AlarmBehavior.ROLLBACK_ON_ALARM });
    service.node.addDependency(...alarms);
    const { minTasks: minCapacity, maxTasks: maxCapacity, sleep } = deployment;
    const scaling = service.autoScaleTaskCount({ minCapacity, maxCapacity });
    scaling.scaleOnCpuUtilization('Cpu', {
      targetUtilizationPercent: 60,
      scaleInCooldown: Duration.minutes(10),
      scaleOutCooldown: Duration.minutes(3),
    });
    if (sleep) {
      const at = (hour: number) => ({
        schedule: Schedule.cron({ minute: '0', hour: `${hour}`, weekDay: 'MON-FRI' }),
        timeZone: TimeZone.of(sleep.timeZone),
      });
      scaling.scaleOnSchedule('Sleep', { ...at(sleep.from), minCapacity: 0, maxCapacity: 0 });
      scaling.scaleOnSchedule('Wake', { ...at(sleep.to), minCapacity, maxCapacity });
    }
    verification(this, {
      functionName: names.verification,
      vpc: network.vpc,
      url: `${url}${task.healthPath}`,
      balancer: inFront,
    });
    this.githubRoles(props, names);
    new CfnOutput(this, 'Url', { value: url });
  }

  override get availabilityZones(): string[] {
    return zonesOf(this.region);
  }

  private githubRoles({ service, environment }: PlainServiceStackProps, names: DeployedNames): void {
    const { account, name } = environment;
    new GithubRole(this, 'Deploy', {
      roleName: `${names.cluster}-deploy`,
      account,
      environment: name,
      workflows: [`${service.id}-deploy.yml`, `${service.id}-rollback.yml`],
      ...deployStatements(names),
    });
    if (service.mail) notices(this, service, environment, service.mail);
    if (!environment.reviewed) return;
    new GithubRole(this, 'Rollback', {
      roleName: `${names.cluster}-rollback`,
      account,
      environment: `${name}-rollback`,
      workflows: [`${service.id}-deploy.yml`],
      ...deployStatements(names),
    });
  }
}
