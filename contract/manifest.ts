import { z } from 'zod';
import { awsCallSchema } from './aws-call';
import { gpuCheckSchema } from './gpu-check';
import { noticeSchema, postboxSchema } from './notice';
import { valueRefSchema } from './value-ref';

/**
 * The one document that infrastructure and workflows share, written to `.lockstep/manifest.json`.
 *
 * Closed envelope, open spec: the fields here are read by the generator, the proofs or the command's
 * shell; `spec` is read by one deployer and is `unknown` to everybody else.
 */

/** Raised whenever the schema changes; readers refuse a newer revision. */
export const SCHEMA_REVISION = 1;

const id = z.string().regex(/^[a-z][a-z0-9-]*$/);
const account = z.string().regex(/^\d{12}$/);
const minutes = z.int().positive();
const calls = z.array(awsCallSchema).readonly();

/** What a deploy target can be told to do. */
export const VERBS = [
  'deploy',
  'wait',
  'rollback',
  'recall',
  'diagnose',
  'verify',
  'confirm',
  'status',
] as const;
export type Verb = (typeof VERBS)[number];

const repositorySchema = z.strictObject({
  owner: z.string(),
  name: z.string(),
  /** Numeric ids, which survive renames. Needed for immutable OIDC subjects. */
  ownerId: z.string().regex(/^\d+$/).optional(),
  repositoryId: z.string().regex(/^\d+$/).optional(),
  defaultBranch: z.string(),
});

const environmentSchema = z.strictObject({
  /** GitHub environment name. */
  name: id,
  account,
  /**
   * GitHub environment of the jobs that roll back by themselves. It is another one than `name` where
   * `name` waits for people, because a way back must not wait for an approval.
   */
  rollbackEnvironment: id,
  protection: z.strictObject({
    /** GitHub users or `org/team` slugs, one of whom must approve. */
    reviewers: z.array(z.string()).readonly(),
    waitMinutes: z.int().nonnegative(),
    branches: z.array(z.string()).readonly(),
    tags: z.array(z.string()).readonly(),
  }),
});

const roleSchema = z.strictObject({
  id,
  /**
   * `publish` pushes images, `scan` reads them, `deploy` changes one target, `rollback` brings it back,
   * `inspect` looks at one target and changes nothing, `notify` writes to those who want mail about one target, `check`
   * builds images of its own and runs them as tasks on GPUs.
   */
  purpose: z.enum(['publish', 'scan', 'deploy', 'rollback', 'inspect', 'notify', 'check']),
  name: z.string(),
  arn: z.string(),
  account,
  /** GitHub environment that a job must name to assume the role; none for jobs without environment. */
  environment: id.optional(),
  /** Longest session that a job may ask for. */
  maxSessionMinutes: minutes,
  constructPath: z.string(),
});

/** What an image has wherever it is kept. */
const imageFields = {
  /** The id of the workload where it has one image, else `<workload>-<name>`. */
  id,
  /** Short name among the images of the workload, such as `api`. */
  name: id,
  /** Folder that is built, relative to the repository's root. */
  context: z.string(),
  dockerfile: z.string(),
  platform: z.string(),
  scan: z.strictObject({
    severities: z.array(z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])).readonly(),
    /** True when a finding stops the deployment. */
    blocks: z.boolean(),
    /** True when findings go to code scanning; private repositories need GitHub Code Security for it. */
    codeScanning: z.boolean(),
  }),
  /** True when provenance and SBOM are attested. Private repositories need GitHub Enterprise Cloud. */
  attestations: z.boolean(),
  constructPath: z.string(),
} as const;

/** Kept in Amazon ECR, where jobs sign in with a role. */
const ecrImageSchema = z.strictObject({
  ...imageFields,
  registry: z.literal('ecr'),
  repository: z.strictObject({ name: z.string(), uri: z.string(), account, region: z.string() }),
  /** Role ids. */
  publishRole: id,
  scanRole: id,
  /** Patterns of the tags that the registry never lets move, such as `sha-*` and `v*`. */
  immutableTags: z.array(z.string()).readonly(),
  calls: z.strictObject({ publish: calls, scan: calls }),
});

/** Kept at Docker Hub, where the build signs in with a token. The repository is public: nodes pull without one. */
const dockerHubImageSchema = z.strictObject({
  ...imageFields,
  registry: z.literal('dockerHub'),
  /** `uri` with the host, such as `docker.io/octo-org/api`. */
  repository: z.strictObject({ name: z.string(), uri: z.string() }),
  /** Account of Docker Hub that pushes. */
  username: z.string(),
  /** Name of the GitHub secret with its access token; one of `secrets`. */
  tokenSecret: z.string(),
});

const imageSchema = z.discriminatedUnion('registry', [ecrImageSchema, dockerHubImageSchema]);

/** A secret of the repository that emitted workflows read. People set it at GitHub. */
const secretSchema = z.strictObject({
  /** @see https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets */
  name: z.string().regex(/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/),
  purpose: z.string(),
  /** GitHub environments that hold it. Empty: the repository does. */
  environments: z.array(id).readonly(),
});

const targetSchema = z.strictObject({
  id,
  workload: id,
  /** Names the deployer in the registry of the command. */
  kind: id,
  environment: id,
  account,
  region: z.string(),
  /** Role ids. The rollback role is the deploy role itself where the environment waits for nobody. */
  deployRole: id,
  rollbackRole: id,
  /** How jobs without environment look at the target and at its stacks. */
  inspection: z
    .strictObject({
      role: id,
      /** Names of the stacks in the target's account and region. */
      stacks: z.array(z.string()).min(1).readonly(),
      /** Calls that read what is deployed of them; reading the target is its verb `status`. */
      calls,
    })
    .optional(),
  /** Where mail about the target goes, where the workload's notices have it. */
  postbox: postboxSchema.optional(),
  /** Image ids. */
  images: z.array(id).min(1).readonly(),
  /** Where the image that was last released successfully can be read. */
  releasedImage: valueRefSchema.optional(),
  /** Files that the verbs read, relative to the repository's root: a job must check them out. */
  files: z.strictObject({
    /** Of `deploy`, and of what follows it in the same job. */
    deploy: z.array(z.string()).readonly(),
    /** Of `rollback`, and of what follows it in the same job. */
    rollback: z.array(z.string()).readonly(),
  }),
  /**
   * Longest that a deployment waits for another one of the same target to end before it starts; 0 where AWS takes a
   * new one at any time.
   */
  settleMinutes: z.int().nonnegative(),
  /** Longest that a deployment may take before the command gives up and rolls back. */
  deployTimeoutMinutes: minutes,
  runnerLabels: z.array(z.string()).min(1).readonly(),
  constructPath: z.string(),
  /** Calls of each verb, from the target's own `callsOf(spec)`. */
  calls: z.record(z.enum(VERBS), calls),
  spec: z.unknown(),
});

const pythonQualitySchema = z.strictObject({
  language: z.literal('python'),
  version: z.string(),
  directory: z.string(),
  /** Files that pip installs from; their content is the cache key. */
  requirements: z.array(z.string()).min(1).readonly(),
  /** Checks besides the tests. With them the workload has a workflow for pull requests. */
  checks: z
    .strictObject({
      /** Least coverage by tests, per cent. */
      coverage: z.int().min(0).max(100),
      /** Requirement files of what is shipped, like `requirements`: searched for known vulnerabilities. */
      audited: z.array(z.string()).min(1).readonly(),
      /** Ids of vulnerabilities that are excepted, such as `GHSA-…`. */
      exceptedVulnerabilities: z.array(z.string()).readonly(),
      /** File of excepted findings of the security check, relative to `directory`. */
      securityBaseline: z.string().optional(),
    })
    .optional(),
});

const goQualitySchema = z.strictObject({
  language: z.literal('go'),
  /** Such as `1.26`. */
  version: z.string(),
  /** Folders with a `go.mod`, relative to the repository's root. Each is vetted, and tested with the race detector. */
  modules: z.array(z.string()).min(1).readonly(),
});

const nodeQualitySchema = z.strictObject({
  language: z.literal('node'),
  /** Such as `22`. */
  version: z.string(),
  /** Folder with `package.json` and its lock file, relative to the repository's root. */
  directory: z.string(),
  /** Scripts of `package.json`, in the order in which they run. */
  scripts: z
    .array(z.string().regex(/^[a-z][a-z0-9:-]*$/))
    .min(1)
    .readonly(),
});

const qualitySchema = z.discriminatedUnion('language', [
  pythonQualitySchema,
  goQualitySchema,
  nodeQualitySchema,
]);

const workloadSchema = z.strictObject({
  id,
  /** Path patterns whose change starts the delivery. */
  paths: z.array(z.string()).min(1).readonly(),
  quality: qualitySchema.optional(),
  /** Image ids. */
  images: z.array(id).min(1).readonly(),
  /** Where models are kept, for workloads whose targets serve one apart from the image. */
  models: z.strictObject({ bucket: z.string() }).optional(),
  /**
   * `throughEnvironments`: one run takes a commit through all environments. `byPromotion`: each commit goes to the
   * first environment; people promote what an environment runs to the next one.
   */
  delivery: z.enum(['throughEnvironments', 'byPromotion']),
  /** `onPush`: each push to the default branch that touches `paths` is delivered, and people may start it. */
  starts: z.enum(['onPush', 'byHand']),
  /** Whether people may go back to a commit, besides a revision: by the digest that its tag names. */
  rollbackByCommit: z.boolean(),
  /** Environments in the order of delivery. */
  environments: z.array(id).min(1).readonly(),
  /** Tag patterns that start a release. */
  releaseTags: z.array(z.string()).readonly(),
  /** Who hears of a deployment that failed, and of the one that is well again. Each channel once. */
  notices: z.array(noticeSchema).readonly(),
});

export const manifestSchema = z.strictObject({
  schemaRevision: z.literal(SCHEMA_REVISION),
  platform: id,
  repository: repositorySchema,
  environments: z.array(environmentSchema).readonly(),
  roles: z.array(roleSchema).readonly(),
  images: z.array(imageSchema).readonly(),
  workloads: z.array(workloadSchema).readonly(),
  targets: z.array(targetSchema).readonly(),
  gpuChecks: z.array(gpuCheckSchema).readonly(),
  /** Secrets that people must set at GitHub before the workflows work. */
  secrets: z.array(secretSchema).readonly(),
});

export type DeployManifest = z.infer<typeof manifestSchema>;
export type RepositoryIdentity = z.infer<typeof repositorySchema>;
export type EnvironmentEntry = z.infer<typeof environmentSchema>;
export type RoleEntry = z.infer<typeof roleSchema>;
export type ImageEntry = z.infer<typeof imageSchema>;
export type EcrImage = z.infer<typeof ecrImageSchema>;
export type DockerHubImage = z.infer<typeof dockerHubImageSchema>;
export type TargetEntry = z.infer<typeof targetSchema>;
export type WorkloadEntry = z.infer<typeof workloadSchema>;
export type Quality = z.infer<typeof qualitySchema>;
export type PythonQuality = z.infer<typeof pythonQualitySchema>;
export type GoQuality = z.infer<typeof goQualitySchema>;
export type NodeQuality = z.infer<typeof nodeQualitySchema>;
export type SecretEntry = z.infer<typeof secretSchema>;
