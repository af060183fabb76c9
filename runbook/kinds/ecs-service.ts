import { parseEcsServiceSpec, type ServiceUpdate } from '../../constructs/ecs-service/spec';
import type { TargetEntry } from '../../contract';
import type { KindNotes, Symptom } from './notes';

const specOf = ({ spec, id }: TargetEntry) => parseEcsServiceSpec(spec, `target ${id}`);

/** Only where tasks share instances of one's own. */
const ON_INSTANCES: readonly Symptom[] = [
  {
    symptom: 'The deployment waits, and says that tasks have no place',
    cause: 'no instance has a free GPU or the memory: the cluster is full, or AWS has no instance to give',
    remedy: 'raise `instances.max` or the EC2 quota; where AWS has none, deploy later or name more types',
    code: 'CapacityMissing',
  },
  {
    symptom: 'Tasks stop again and again (exit code 139)',
    cause: 'a native library does not fit: CUDA, driver, or platform of the image',
    remedy: 'run `npx lockstep gpu-matrix` and compare with the image; go back meanwhile',
  },
  {
    symptom: 'The instance under a task went away',
    cause: 'AWS took a Spot Instance back, or replaced an instance',
    remedy: 'nothing, if it happens once: ECS places the task again',
  },
];

const ANYWHERE: readonly Symptom[] = [
  {
    symptom: 'Tasks stop again and again (exit code 137)',
    cause: 'a container used more memory than it may',
    remedy: 'raise `container.memory` in the platform file, or let the program use less',
  },
  {
    symptom: 'The load balancer or the container health check finds tasks unhealthy',
    cause: 'path, port or start time do not match the health check',
    remedy: 'read the logs; raise `container.health.startPeriod` if the program only starts slowly',
  },
  {
    symptom: 'The image could not be pulled',
    cause: 'it was deleted, or the execution role or the way to ECR is broken',
    remedy: 'build the commit again; look at the execution role and at the NAT gateway or endpoints',
  },
  {
    symptom: 'Going back to a revision is refused',
    cause: 'the task definition was deregistered',
    remedy: 'list the stable revisions and take another one, or go back to a commit',
    code: 'InactiveRevision',
  },
];

/** Notes on a service on ECS. */
export const ecsService: KindNotes = {
  what: 'a service on Amazon ECS',
  verbs: ['logs'],
  shape: (target) => {
    const { cluster, service, update, desiredCount, capacity, logGroup, sleep, alarms } = specOf(target);
    return [
      `cluster \`${cluster}\`, service \`${service}\`, first started with ${tasks(desiredCount)}; logs in \`${logGroup}\``,
      updateText(update),
      capacity
        ? `instances ${capacity.instanceTypes.join(' or ')}, at most ${capacity.maxInstances}, ${PURCHASE[capacity.purchase]}; ` +
          `a task takes ${capacity.gpusPerTask} of ${capacity.gpusPerInstance} GPU of an instance`
        : 'AWS Fargate: there are no instances to look after',
      ...(sleep
        ? [
            `falls asleep at ${sleep.from} and wakes at ${sleep.to}, ${DAYS[sleep.days]} (${sleep.timeZone}): no task runs in between`,
          ]
        : []),
      ...(alarms.length > 0
        ? [`alarms that end a deployment: ${alarms.map((name) => `\`${name}\``).join(', ')}`]
        : []),
    ];
  },
  symptoms: (target) => [
    ...sleepSymptoms(target),
    ...(specOf(target).capacity ? ON_INSTANCES : []),
    ...ANYWHERE,
  ],
  stackAgain: (target) =>
    specOf(target).sleep
      ? 'a service without a release has nothing to wake, so its schedule comes with this deployment'
      : undefined,
  practices: [
    'Change nothing of the service in the console: the pipeline owns the task definition, the stack owns the rest.',
    'Deregister no task definitions by hand: one that is gone cannot be gone back to.',
  ],
  // Tasks and instances stand in the template.
  cost: () => [],
};

function sleepSymptoms(target: TargetEntry): readonly Symptom[] {
  const { sleep } = specOf(target);
  if (!sleep) return [];
  return [
    {
      symptom: `No task runs in \`${target.environment}\`, and nothing failed`,
      cause: `that is its schedule: asleep at ${sleep.from}, awake at ${sleep.to}, ${DAYS[sleep.days]} (${sleep.timeZone})`,
      remedy:
        'nothing; where it is needed before, a deployment wakes it, and it sleeps again by its schedule',
    },
    {
      symptom: `Tasks run in \`${target.environment}\` while it should sleep`,
      cause: 'a deployment woke it, or its stack was not deployed again after the first release',
      remedy:
        'deploy its stack once more, as under [prerequisites](#prerequisites); it sleeps from the next time on',
    },
  ];
}

const PURCHASE = { onDemand: 'on demand', warm: 'on demand, with stopped ones ready', spot: 'Spot' } as const;
const DAYS = { weekdays: 'Monday to Friday', everyDay: 'every day' } as const;

const tasks = (number: number): string => `${number} ${number === 1 ? 'task' : 'tasks'}`;

function updateText(update: ServiceUpdate): string {
  switch (update.strategy) {
    case 'rolling':
      return 'rolling update: tasks are replaced a few at a time, and the circuit breaker goes back';
    case 'blueGreen':
      return `blue/green: all traffic moves at once, the old tasks stay for ${update.bakeMinutes} minutes`;
    case 'canary':
      return `canary: ${update.canaryPercent} % of the traffic for ${update.canaryMinutes} minutes, then all; the old tasks stay for ${update.bakeMinutes} minutes`;
    case 'linear':
      return `linear: ${update.stepPercent} % more of the traffic each ${update.stepMinutes} minutes; the old tasks stay for ${update.bakeMinutes} minutes`;
  }
}
