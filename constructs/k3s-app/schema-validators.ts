import { createRequire } from 'node:module';
import { z } from 'zod';

/** One violation, as ajv's compiled schemas report it. */
const violationSchema = z.object({
  instancePath: z.string(),
  keyword: z.string(),
  message: z.string().optional(),
  params: z.record(z.string(), z.unknown()),
});

export type Violation = z.infer<typeof violationSchema>;

/** What the schema of a kind says against an object of it. */
export type Validator = (object: unknown) => readonly Violation[];

/** Package with the class of each kind that is rendered, by `apiVersion/kind`; its modules are called so, too. */
const PACKAGES: Readonly<Record<string, string>> = {
  'apps/v1/Deployment': 'kubernetes-models',
  'apps/v1/StatefulSet': 'kubernetes-models',
  'autoscaling/v2/HorizontalPodAutoscaler': 'kubernetes-models',
  'networking.k8s.io/v1/NetworkPolicy': 'kubernetes-models',
  'policy/v1/PodDisruptionBudget': 'kubernetes-models',
  'traefik.io/v1alpha1/IngressRoute': '@kubernetes-models/traefik',
  'traefik.io/v1alpha1/TraefikService': '@kubernetes-models/traefik',
  'v1/ConfigMap': 'kubernetes-models',
  'v1/Namespace': 'kubernetes-models',
  'v1/Service': 'kubernetes-models',
};

export const KNOWN_KINDS = Object.keys(PACKAGES);

const loaded = new Map<string, Validator>();

/** Validator of a kind, such as `apps/v1/Deployment`. It is loaded when it is needed: most commands need none. */
export function validatorOf(kind: string): Validator | undefined {
  const known = loaded.get(kind);
  if (known !== undefined || !Object.hasOwn(PACKAGES, kind)) return known;
  const validator = load(kind);
  loaded.set(kind, validator);
  return validator;
}

/** A class of `kubernetes-models`, as far as it is used: its method judges whatever it is called on. */
interface Model {
  readonly prototype: { validate(this: unknown): void };
}

const modelSchema = z.custom<Model>(
  (value) => typeof value === 'function' && typeof value.prototype?.validate === 'function',
);

const moduleSchema = z.record(z.string(), z.unknown());

/** What `validate` throws. */
const refusalSchema = z.object({ errors: z.array(violationSchema) });

function load(kind: string): Validator {
  // Required, not imported: an import here would load the classes wherever names of services are asked for.
  const exported = moduleSchema.parse(createRequire(__filename)(`${PACKAGES[kind]}/${kind}`));
  const { validate } = modelSchema.parse(exported[kind.slice(kind.lastIndexOf('/') + 1)]).prototype;
  return (object) => {
    try {
      validate.call(object);
      return [];
    } catch (error) {
      const refusal = refusalSchema.safeParse(error);
      if (!refusal.success) throw error;
      return refusal.data.errors;
    }
  };
}
