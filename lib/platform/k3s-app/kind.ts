import { Duration, Size } from 'aws-cdk-lib';
import { parsePart } from '../faults';
import type { WorkloadKind } from '../kind';
import type { PhysicalName } from '../physical-name';
import { accountOf } from '../platform';
import type { Harmless } from '../repair';
import { HARMLESS_FIELDS } from '../workload-schema';
import type { K3sApp } from './k3s-app';
import { resolveK3sApp } from './resolve';
import { k3sAppFaults, UNNAMED } from './rules';
import { k3sAppSchema } from './schema';

const MEMORY = { request: Size.mebibytes(1), limit: Size.mebibytes(1) };
const SERVICE = {
  name: UNNAMED,
  cpu: { request: 1 },
  memory: MEMORY,
  probes: { liveness: '/', readiness: '/' },
  // Without one, updates and inbound rules would look wrong.
  route: { host: 'x.example.com' },
};
const RANGE = '10.0.0.0/8';
const INBOUND = { cidrs: [RANGE] };
const EGRESS = { cidr: RANGE, ports: [443] };
// The largest one.
const ENVIRONMENT = { name: '', instanceType: 'm5.2xlarge' };

// What stands in for faulty values while the rules judge the rest.
const HARMLESS: Harmless = {
  ...HARMLESS_FIELDS,
  deployOnPush: true,
  services: [SERVICE],
  'services.*': SERVICE,
  'services.*.name': SERVICE.name,
  'services.*.cpu': SERVICE.cpu,
  'services.*.cpu.request': SERVICE.cpu.request,
  'services.*.memory': MEMORY,
  'services.*.memory.request': MEMORY.request,
  'services.*.memory.limit': Size.gibibytes(1024),
  'services.*.probes': SERVICE.probes,
  'services.*.probes.liveness': '/',
  'services.*.probes.readiness': '/',
  'services.*.route': SERVICE.route,
  'services.*.route.host': SERVICE.route.host,
  'services.*.egress.*': EGRESS,
  'services.*.egress.*.cidr': RANGE,
  'services.*.egress.*.ports': EGRESS.ports,
  'services.*.egress.*.ports.*': 443,
  'services.*.autoscaler.min': 1,
  'services.*.autoscaler.max': 100,
  'services.*.autoscaler.cpuPercent': 50,
  'redis.memory': { ...MEMORY, limit: Size.gibibytes(1024) },
  'redis.memory.request': MEMORY.request,
  'redis.memory.limit': Size.gibibytes(1024),
  'redis.storage': Size.gibibytes(1),
  'rollout.timeout': Duration.minutes(170),
  environments: [ENVIRONMENT],
  'environments.*': ENVIRONMENT,
  'environments.*.name': ENVIRONMENT.name,
  'environments.*.instanceType': ENVIRONMENT.instanceType,
  'environments.*.inbound': INBOUND,
  'environments.*.inbound.cidrs': INBOUND.cidrs,
  'environments.*.inbound.cidrs.*': RANGE,
  'environments.*.dataVolume': Size.gibibytes(16_384),
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME_LIMIT = 63;

/** Services on one EC2 instance with K3s in each environment. */
export const k3sAppKind: WorkloadKind<K3sApp> = {
  parse(value, path, faults, platform) {
    const parsed = parsePart(k3sAppSchema, value, path, faults, HARMLESS);
    return parsed && resolveK3sApp(parsed, platform);
  },
  faults: k3sAppFaults,
  names: (app, platform) =>
    app.environments.flatMap(({ name, names }, index): PhysicalName[] => {
      const account = accountOf(platform, name);
      const where = `${account} ${app.region}`;
      const field = `environments[${index}].names`;
      return [
        { what: 'node tag', where, name: names.nodeTag, field: `${field}.nodeTag` },
        { what: 'document', where, name: names.document, field: `${field}.document` },
        // All buckets of AWS share one space of names.
        {
          what: 'bucket',
          where: 'all accounts',
          name: names.bucket,
          field: `${field}.bucket`,
          longest: BUCKET_NAME_LIMIT,
        },
        { what: 'log group', where, name: names.logGroup, field: `${field}.logGroup` },
        { what: 'parameter', where, name: names.releasedRelease, field: `${field}.releasedRelease` },
      ];
    }),
  stacks: () => [],
  files: () => [],
};
