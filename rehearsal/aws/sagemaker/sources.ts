import type { VirtualClock } from '../../clock/virtual-clock';
import type { EcrService } from '../ecr';
import { type IamService, trustsService } from '../iam';
import type { LogsService } from '../logs';
import type { Place } from '../place';
import { resourcePolicies } from '../resource-policies';
import type { S3Service } from '../s3';
import type { Question } from '../service';
import type { ContainerLogs, ModelSources } from './ports';

const SERVICE = 'sagemaker.amazonaws.com';

/** Session name of SageMaker in an execution role. */
const SESSION = 'SageMaker';

/** The services that an execution role gets at. */
export interface Neighbours {
  readonly clock: VirtualClock;
  readonly ecr: EcrService;
  readonly iam: IamService;
  readonly logs: LogsService;
  readonly s3: S3Service;
}

/**
 * What SageMaker does with an execution role: the role must trust it, and its policies decide.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function modelSources(neighbours: Neighbours): {
  readonly sources: ModelSources;
  readonly logs: ContainerLogs;
} {
  const { ecr, s3 } = neighbours;
  const may = (role: string, place: Place, question: Question): boolean =>
    isAllowed(neighbours, role, place, question);
  return {
    sources: {
      image: (image, role) => {
        const [, , , account = '', region = ''] = /^((\d{12})\.dkr\.ecr\.([^.]+))/.exec(image) ?? [];
        let wasDenied = false;
        const pulled = ecr.pull(image, (question) => {
          const allowed = may(role, { account, region }, question);
          wasDenied ||= !allowed;
          return allowed;
        });
        if (pulled.ok) return { digest: pulled.digest };
        return wasDenied ? 'denied' : 'missing';
      },
      artifact: (url, role, place) => {
        const [, name = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
        const bucket = s3.state.buckets.get(name);
        if (bucket?.region !== place.region) return 'denied';
        const policies = resourcePolicies(`bucket ${name}`, bucket.policy);
        const context = { 'aws:ResourceAccount': bucket.account, 's3:ResourceAccount': bucket.account };
        const ask = (action: string, resource: string): boolean =>
          may(role, place, { action, resource, context, policies });
        if (!ask('s3:GetObject', `arn:aws:s3:::${name}/${key}`)) return 'denied';
        if (s3.get(name, key) !== undefined) return 'there';
        // That an object is missing is told only to whom may list the bucket.
        return ask('s3:ListBucket', `arn:aws:s3:::${name}`) ? 'missing' : 'denied';
      },
      mayReadAlarm: (name, role, place) => {
        const resource = `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${name}`;
        return may(role, place, { action: 'cloudwatch:DescribeAlarms', resource });
      },
    },
    logs: { write: (where, lines, role) => writeLogs(neighbours, where, lines, role) },
  };
}

/** The group is made with the first stream, as AWS does it for endpoints. */
function writeLogs(
  neighbours: Neighbours,
  where: Parameters<ContainerLogs['write']>[0],
  lines: readonly string[],
  role: string,
): void {
  const { logs, clock } = neighbours;
  const arn = `arn:aws:logs:${where.region}:${where.account}:log-group:${where.group}`;
  const stream = `${arn}:log-stream:${where.stream}`;
  const may = (action: string, resource: string) => isAllowed(neighbours, role, where, { action, resource });
  if (!may('logs:CreateLogStream', stream) || !may('logs:PutLogEvents', stream)) return;
  if (!logs.state.groups.has(arn)) {
    if (!may('logs:CreateLogGroup', arn)) return;
    logs.state.groups.set(arn, { arn, name: where.group, createdAt: clock.now(), streams: new Map() });
  }
  logs.write(where, lines);
}

function isAllowed({ iam, clock }: Neighbours, role: string, { region }: Place, question: Question): boolean {
  const stored = iam.role(role);
  if (!stored || !trustsService(stored, SERVICE)) return false;
  return iam.decide(iam.sessionOf(role, SESSION), question, { region, now: clock.now() }).allowed;
}
