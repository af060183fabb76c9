import { z } from 'zod';
import { duration, matching, name, relativePath, sizeSuchAs, whole } from '../fields';
import { imageNamesSchema } from '../workload-schema';
import { ipv4Range } from './ipv4-range';

/** `PORT` is made from the port of the service. */
const variable = matching(
  /^(?!PORT$)[A-Za-z_][A-Za-z0-9_]*$/,
  'an environment variable name other than PORT, which the field port sets',
);
// The manifests are committed.
const plainSetting = matching(
  /^(?![^]*\{\{resolve:)/,
  'a plain value; nothing resolves `{{resolve:…}}` on the node, and manifests are committed',
);
export const environmentVariables = z.record(variable, plainSetting);

const memory = sizeSuchAs('Size.mebibytes(48)');
export const memorySchema = z.strictObject({ request: memory, limit: memory });

const httpPath = matching(/^\/[A-Za-z0-9._~/-]*$/, 'an HTTP path that begins with a slash');
const millis = whole(1, 64_000);

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const hostName = matching(
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/,
  'a host name in lower case, such as api.example.com',
);

export const serviceSchema = z.strictObject({
  name: name(20),
  directory: relativePath.optional(),
  dockerfile: relativePath.optional(),
  port: whole(1, 65535).optional(),
  command: z.array(matching(/./, 'a word of the command')).min(1).optional(),
  replicas: whole(1, 100).optional(),
  cpu: z.strictObject({ request: millis, limit: millis.optional() }),
  memory: memorySchema,
  environment: environmentVariables.optional(),
  probes: z.strictObject({
    liveness: httpPath,
    readiness: httpPath,
    startup: httpPath.optional(),
    startupTime: duration('Duration.minutes(1)').optional(),
  }),
  callers: z.array(z.string()).optional(),
  egress: z
    .array(z.strictObject({ cidr: ipv4Range, ports: z.array(whole(1, 65535)).min(1, 'at least one port') }))
    .optional(),
  route: z.strictObject({ host: hostName, path: httpPath.optional() }).optional(),
  autoscaler: z
    .strictObject({ min: whole(1, 100), max: whole(1, 100), cpuPercent: whole(1, 100) })
    .optional(),
  names: imageNamesSchema.optional(),
});
