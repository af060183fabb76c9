import { aliveTasks, targetOf } from './deployments';
import { definitionOf, type Moment } from './moment';
import { lastPart } from './names';
import { serviceNamed, type ServiceName } from './service-name';

/** What runs in the end. */
export interface ServiceView {
  /** Image of the first container of what the service is to run. */
  readonly image: string;
  /** `family:revision`. */
  readonly taskDefinition: string;
  /** Images of the tasks that run, each once. */
  readonly runningImages: readonly string[];
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Newest first. */
  readonly deployments: readonly {
    readonly status: string;
    readonly reason: string | undefined;
    readonly image: string;
  }[];
  /** Newest first. */
  readonly events: readonly string[];
}

export function viewOf(moment: Moment, name: ServiceName): ServiceView {
  const { state } = moment;
  const service = serviceNamed(moment, name);
  const imageOf = (arn: string): string =>
    definitionOf(state, arn).content.containerDefinitions?.[0]?.image ?? '';
  const alive = aliveTasks(state, service);
  const running = alive.filter(({ status }) => status === 'RUNNING');
  return {
    image: imageOf(targetOf(service)),
    taskDefinition: lastPart(targetOf(service)),
    runningImages: [...new Set(running.map(({ image }) => image))],
    desired: service.desired,
    running: running.length,
    pending: alive.length - running.length,
    deployments: service.deployments.map(({ status, reason, revision }) => ({
      status,
      reason,
      image: imageOf(service.revisions[revision] ?? ''),
    })),
    events: service.events.map(({ message }) => message),
  };
}
