import { environmentOf, mixedEnvironment, platformProps, type Props, service } from './platform-props';

type Changes = Parameters<typeof mixedEnvironment>[0];

const within = (environment: ReturnType<typeof environmentOf>): Props =>
  platformProps({ workloads: [service({ environments: [environment] })] });
const mixed = (changes: Changes) => within(mixedEnvironment(changes));
/** What the type of the platform file would not admit. */
const untyped = (changes: object) => within({ ...environmentOf(), ...changes } as never);

const PLACE = 'workloads[0].environments[0]';
const NIGHT = { from: '20:00', to: '07:00', timeZone: 'Europe/Berlin' };

/** Faults of instances that are bought cheaply: name, platform, place, message. */
export const cheapInstanceFaults: [string, Props, string, RegExp][] = [
  [
    'A09 both spellings of the instance types',
    untyped({ instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'] }),
    `${PLACE}.instanceTypes`,
    /exactly one of `instanceType` and `instanceTypes`/,
  ],
  [
    'A09 no instance type',
    untyped({ instanceType: undefined }),
    `${PLACE}.instanceType`,
    /exactly one of `instanceType` and `instanceTypes`/,
  ],
  [
    'A09 a type twice',
    within(mixedEnvironment({}, ['g4dn.xlarge', 'g4dn.xlarge'])),
    `${PLACE}.instanceTypes[1]`,
    /which workloads\[0\]\.environments\[0\]\.instanceTypes\[0\] names already/,
  ],
  [
    'A09 one of several types without GPUs',
    within(mixedEnvironment({}, ['g4dn.xlarge', 'm7i.large'])),
    `${PLACE}.instanceTypes[1]`,
    /got "m7i\.large"; allowed: a type with GPUs/,
  ],
  [
    'A09 room that only the larger of two types has',
    within(mixedEnvironment({ instances: { min: 0, max: 1 } }, ['g4dn.12xlarge', 'g4dn.xlarge'])),
    PLACE,
    /1 task on 1 instance with 1 place each, as g4dn\.xlarge has, \(1 in all\)/,
  ],
  [
    'A09 a warm pool on Spot',
    within(environmentOf({ spot: {}, instances: { min: 0, max: 2, warm: 1 } })),
    `${PLACE}.instances.warm`,
    /got 1, with Spot Instances; .*AWS refuses any other/,
  ],
  [
    'A09 a warm pool of several types',
    mixed({ instances: { min: 0, max: 2, warm: 1 } }),
    `${PLACE}.instances.warm`,
    /got 1, with several instance types/,
  ],
  [
    'A09 a warm pool that is larger than the room above the least',
    within(environmentOf({ instances: { min: 1, max: 2, warm: 2 } })),
    `${PLACE}.instances.warm`,
    /got 2; allowed: at most 1/,
  ],
  [
    'A09 more instances on demand than there may be',
    mixed({ spot: { onDemandBase: 3 } }),
    `${PLACE}.spot.onDemandBase`,
    /got 3; allowed: at most 2/,
  ],
  [
    'A09 instances that stay up while nobody uses them',
    within(environmentOf({ sleep: NIGHT, instances: { min: 1, max: 2 } })),
    `${PLACE}.instances.min`,
    /got 1, with a service that sleeps; allowed: 0/,
  ],
  [
    'A09 instances that wait while the service sleeps',
    within(environmentOf({ sleep: NIGHT, instances: { min: 0, max: 2, warm: 1 } })),
    `${PLACE}.instances.warm`,
    /got 1, with a service that sleeps/,
  ],
  [
    'A09 a sleep without end',
    within(environmentOf({ sleep: { ...NIGHT, to: '20:00' } })),
    `${PLACE}.sleep.to`,
    /got "20:00", when it falls asleep/,
  ],
  [
    'A09 a sleep by day that leaves the weekend awake',
    within(environmentOf({ sleep: { ...NIGHT, from: '01:00' } })),
    `${PLACE}.sleep.from`,
    /got "01:00", before "07:00" of the same day, with days 'weekdays'; allowed: .*'everyDay'/,
  ],
  [
    'A09 an hour that no day has',
    within(environmentOf({ sleep: { ...NIGHT, from: '24:00' } })),
    `${PLACE}.sleep.from`,
    /a time of the day, such as '20:00'/,
  ],
  [
    'A09 a time zone that nobody knows',
    within(environmentOf({ sleep: { ...NIGHT, timeZone: 'Europe/Atlantis' } })),
    `${PLACE}.sleep.timeZone`,
    /IANA time zone database/,
  ],
];
