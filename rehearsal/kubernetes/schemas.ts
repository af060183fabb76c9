import { z } from 'zod';

// What a cluster of a rehearsal understands of each object. A field that is not here is refused: leaving it out would
// rehearse another object than the one that was written.

const text = z.record(z.string(), z.string());
const number = z.int().nonnegative();
const numberOrPercent = z.union([number, z.string().regex(/^\d{1,3}%$/)]);
const port = z.union([z.int().min(1).max(65_535), z.string()]);
const selector = z.strictObject({ matchLabels: text });

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);

const metadata = z.strictObject({
  name,
  namespace: z.string().optional(),
  labels: text.default({}),
  annotations: text.default({}),
});

const object = <Version extends string, Kind extends string, More extends z.ZodRawShape>(
  apiVersion: Version,
  kind: Kind,
  more: More,
) => z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, ...more });

/** @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port, scheme: z.string().optional() }).optional(),
  tcpSocket: z.strictObject({ port }).optional(),
  exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  initialDelaySeconds: number.optional(),
  periodSeconds: number.optional(),
  timeoutSeconds: number.optional(),
  failureThreshold: number.optional(),
  successThreshold: number.optional(),
});

const securityContext = z.strictObject({
  allowPrivilegeEscalation: z.boolean().optional(),
  capabilities: z.strictObject({ drop: z.array(z.string()) }).optional(),
  fsGroup: number.optional(),
  fsGroupChangePolicy: z.string().optional(),
  privileged: z.literal(false).optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  runAsGroup: number.optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: number.optional(),
  seccompProfile: z.strictObject({ type: z.string() }).optional(),
});

const quantities = z.strictObject({
  cpu: z.string().optional(),
  memory: z.string().optional(),
  'ephemeral-storage': z.string().optional(),
});

const fieldOf = z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) });
const environment = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: fieldOf.optional(),
});

/** @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ */
const hook = z.strictObject({
  sleep: z.strictObject({ seconds: number }).optional(),
  exec: z.strictObject({ command: z.array(z.string()) }).optional(),
});

const container = z.strictObject({
  name,
  image: z.string().min(1),
  imagePullPolicy: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(environment).optional(),
  envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name }) })).optional(),
  ports: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        containerPort: z.int(),
        protocol: z.string().optional(),
      }),
    )
    .optional(),
  resources: z.strictObject({ requests: quantities.default({}), limits: quantities.default({}) }).optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  securityContext: securityContext.optional(),
  volumeMounts: z
    .array(z.strictObject({ name, mountPath: z.string(), readOnly: z.boolean().optional() }))
    .optional(),
  terminationMessagePolicy: z.string().optional(),
  lifecycle: z.strictObject({ preStop: hook.optional(), postStart: hook.optional() }).optional(),
});

const volume = z.strictObject({
  name,
  emptyDir: z.strictObject({ sizeLimit: z.string().optional(), medium: z.string().optional() }).optional(),
  configMap: z.strictObject({ name }).optional(),
});

const template = z.strictObject({
  metadata: z.strictObject({ labels: text, annotations: text.default({}) }),
  spec: z.strictObject({
    containers: z.array(container).min(1),
    volumes: z.array(volume).optional(),
    securityContext: securityContext.optional(),
    automountServiceAccountToken: z.boolean().optional(),
    enableServiceLinks: z.boolean().optional(),
    serviceAccountName: z.string().optional(),
    terminationGracePeriodSeconds: number.optional(),
    restartPolicy: z.literal('Always').optional(),
    priorityClassName: z.string().optional(),
  }),
});

const strategy = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Recreate') }),
  z.strictObject({
    type: z.literal('RollingUpdate'),
    rollingUpdate: z
      .strictObject({ maxSurge: numberOrPercent.optional(), maxUnavailable: numberOrPercent.optional() })
      .optional(),
  }),
]);

const deployment = object('apps/v1', 'Deployment', {
  spec: z.strictObject({
    replicas: number.optional(),
    revisionHistoryLimit: number.default(10),
    progressDeadlineSeconds: number.default(600),
    minReadySeconds: number.default(0),
    selector,
    strategy: strategy.default({ type: 'RollingUpdate' }),
    template,
  }),
});

const claim = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.strictObject({ name, labels: text.optional() }),
  spec: z.strictObject({
    accessModes: z.array(z.string()),
    storageClassName: z.string().optional(),
    resources: z.strictObject({ requests: z.strictObject({ storage: z.string() }) }),
  }),
});

const statefulSet = object('apps/v1', 'StatefulSet', {
  spec: z.strictObject({
    serviceName: z.string(),
    replicas: number.default(1),
    selector,
    template,
    revisionHistoryLimit: number.optional(),
    podManagementPolicy: z.string().optional(),
    updateStrategy: z.strictObject({ type: z.literal('RollingUpdate') }).optional(),
    persistentVolumeClaimRetentionPolicy: z.unknown().optional(),
    volumeClaimTemplates: z.array(claim).default([]),
  }),
});

const service = object('v1', 'Service', {
  spec: z.strictObject({
    type: z.literal('ClusterIP').optional(),
    clusterIP: z.literal('None').optional(),
    selector: text,
    ports: z.array(
      z.strictObject({
        name: z.string().optional(),
        port: z.int(),
        targetPort: port.optional(),
        protocol: z.string().optional(),
      }),
    ),
  }),
});

/** @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/ */
const traefikService = object('traefik.io/v1alpha1', 'TraefikService', {
  spec: z.strictObject({
    weighted: z.strictObject({
      services: z
        .array(
          z.strictObject({
            name,
            kind: z.string().optional(),
            port,
            weight: z.int().nonnegative().default(1),
          }),
        )
        .min(1),
    }),
  }),
});

const routed = z.strictObject({ name, kind: z.string().optional(), port: port.optional() });
const ingressRoute = object('traefik.io/v1alpha1', 'IngressRoute', {
  spec: z.strictObject({
    entryPoints: z.array(z.string()).optional(),
    routes: z.array(
      z.strictObject({
        kind: z.literal('Rule'),
        match: z.string(),
        priority: z.int().optional(),
        services: z.array(routed),
        middlewares: z.array(z.strictObject({ name })).optional(),
      }),
    ),
    tls: z.unknown().optional(),
  }),
});

const disruptionBudget = object('policy/v1', 'PodDisruptionBudget', {
  spec: z.strictObject({
    minAvailable: numberOrPercent.optional(),
    maxUnavailable: numberOrPercent.optional(),
    unhealthyPodEvictionPolicy: z.string().optional(),
    selector,
  }),
});

const autoscaler = object('autoscaling/v2', 'HorizontalPodAutoscaler', {
  spec: z.strictObject({
    scaleTargetRef: z.strictObject({ apiVersion: z.string(), kind: z.literal('Deployment'), name }),
    minReplicas: z.int().positive().default(1),
    maxReplicas: z.int().positive(),
    metrics: z.array(z.unknown()).optional(),
    behavior: z.unknown().optional(),
  }),
});

const peers = z.array(
  z.strictObject({
    podSelector: z.union([selector, z.strictObject({})]).optional(),
    namespaceSelector: z.union([selector, z.strictObject({})]).optional(),
    ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
  }),
);
const ports = z.array(z.strictObject({ protocol: z.string().optional(), port: port.optional() }));
const networkPolicy = object('networking.k8s.io/v1', 'NetworkPolicy', {
  spec: z.strictObject({
    podSelector: z.union([selector, z.strictObject({})]),
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])).optional(),
    ingress: z.array(z.strictObject({ from: peers.optional(), ports: ports.optional() })).optional(),
    egress: z.array(z.strictObject({ to: peers.optional(), ports: ports.optional() })).optional(),
  }),
});

const configMap = object('v1', 'ConfigMap', {
  data: text.default({}),
  immutable: z.boolean().default(false),
});

const namespace = object('v1', 'Namespace', { spec: z.strictObject({}).optional() });

/** Every kind that the cluster can be given. */
export const manifestSchema = z.discriminatedUnion('kind', [
  ...([namespace, configMap, service, deployment, statefulSet, traefikService] as const),
  ...([ingressRoute, disruptionBudget, autoscaler, networkPolicy] as const),
]);

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestOf<Kind extends Manifest['kind']> = Extract<Manifest, { kind: Kind }>;
export type PodTemplate = z.output<typeof template>;
