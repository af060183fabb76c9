import { ACCOUNT, arn, REGION } from './ecs-state';
import type { Input } from './protocol';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
/** The service that a deployment or a revision belongs to: IAM asks for both. */
const withService = (arns: readonly string[]): readonly string[] => [
  ...new Set(arns.map((each) => each.replace(/:service-[a-z]+\/(.*)\/[^/]*$/, ':service/$1'))),
  ...arns,
];
const last = (value: string): string => value.slice(value.lastIndexOf('/') + 1);

/**
 * ARNs on which IAM authorises a call.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function callResources(action: string, input: Input): readonly string[] {
  const cluster = last(text(input.cluster));
  const service = (name: string) => arn(`service/${cluster}/${last(name)}`);
  const parameter = (name: string) => arn(`parameter${name}`, 'ssm');
  switch (action) {
    case 'ecs:DescribeServices':
      return list(input.services).map(service);
    case 'ecs:UpdateService':
    case 'ecs:ListServiceDeployments':
      return [service(text(input.service))];
    case 'ecs:DescribeServiceDeployments':
      return withService(list(input.serviceDeploymentArns));
    case 'ecs:DescribeServiceRevisions':
      return withService(list(input.serviceRevisionArns));
    case 'ecs:StopServiceDeployment':
      return withService([text(input.serviceDeploymentArn)]);
    case 'ecs:RegisterTaskDefinition':
      return [arn(`task-definition/${text(input.family)}:*`)];
    case 'ecs:ListTasks':
      return [arn(`container-instance/${cluster}/*`)];
    case 'ecs:DescribeTasks':
      return list(input.tasks);
    case 'ecs:ListContainerInstances':
      return [arn(`cluster/${cluster}`)];
    case 'ecs:DescribeContainerInstances':
      return list(input.containerInstances);
    case 'ssm:GetParameters':
      return list(input.Names).map(parameter);
    case 'ssm:PutParameter':
      return [parameter(text(input.Name))];
    case 'logs:GetLogEvents':
      return [
        `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${text(input.logGroupName)}:log-stream:${text(input.logStreamName)}`,
      ];
    case 'ecr:BatchGetImage':
    case 'ecr:ListImages':
    case 'ecr:PutImage':
      return [arn(`repository/${text(input.repositoryName)}`, 'ecr')];
    case 'ecs:DescribeTaskDefinition':
      return ['*'];
    default:
      throw new Error(`nobody has said on which resources ${action} is authorised`);
  }
}
