/**
 * What the platform has to be able to express: five systems, row by row. The id of a row stands in the
 * name of each test that shows it.
 */
export interface System {
  readonly title: string;
  readonly rows: Readonly<Record<string, string>>;
}

export const SYSTEMS: readonly System[] = [
  {
    title: 'A. kvs-infer: GPU inference on ECS',
    rows: {
      A01: 'Delivery on push to main, on version tags, and by hand with a choice of environment',
      A02: 'Unit tests, one build with layer cache, pushed once, signed in by OIDC',
      A03: 'Commit and version tags, immutable but for `latest` and `1.2`; what is deployed is the digest',
      A04: 'Scan of the digest with a policy, SARIF, SBOM and provenance where the plan allows',
      A05: 'One digest through the environments in order; each job waits for its own deployment',
      A06: 'Rollback exactly when a deployment failed, to the last stable version; nothing when ECS did it',
      A07: 'Rollback by hand to a revision, or a list of the stable ones',
      A08: 'Step summaries: image, definition, timeline, state, cause and remedy',
      A09: 'Infrastructure: provider, roles, registry, network, GPU cluster, service, alarms, autoscaling',
      A10: 'Weekly matrix of CUDA, driver and PyTorch on real GPU tasks',
      A11: 'Compatibility report as artifact and summary',
      A12: '`lockstep validate` for the workflow files on disk',
      A13: 'Generated runbook',
    },
  },
  {
    title: 'B. bikeshare: a SageMaker endpoint',
    rows: {
      B01: 'Python quality: lint, format, tests with coverage, security checks that fail the build',
      B02: 'Proof on main that the role can be assumed and is the expected one',
      B03: 'Infrastructure check without AWS on pull requests, diff on main',
      B04: 'Staging delivery with guardrails, smoke test, and a way back',
      B05: 'Promotion of what staging runs, by digest and version',
      B06: 'Smoke test with the payload of the workload: status, schema, latency',
      B07: 'Endpoint infrastructure with guardrail alarms, data capture, autoscaling',
      B08: 'Bad images and model artifacts are refused before AWS sees them',
      B09: '`lockstep logs`, `invoke` and `rollback` for an endpoint',
    },
  },
  {
    title: 'C. ml-platform: training, release and infrastructure pipelines',
    rows: {
      C01: 'Training pipeline with quality, data validation, training, evaluation, registration',
      C02: 'Airflow 2 and 3, MLflow with aliases',
      C03: 'Typed quality gates, with or without an incumbent',
      C04: 'Model deployment with rolling, blue/green and canary strategies',
      C05: 'Infrastructure pipeline with one diff comment, staging, integration tests, production',
      C06: 'Backup and restore plan',
      C07: 'GitHub environments applied from the platform file',
      C08: 'The original helper scripts as tested commands',
      C09: 'OIDC everywhere; remaining secrets declared and scoped',
      C10: 'Patterns for features, releases and hotfixes',
      C11: 'Secret scanning, dependency review, coverage bound',
      C12: 'DORA metrics and a deployment alarm',
    },
  },
  {
    title: 'D. devops-day3-app: a Node service on ECS',
    rows: {
      D01: 'Delivery on push to main and by hand',
      D02: 'Rolling updates on Fargate or EC2 without GPUs',
      D03: 'Rollback to any earlier commit by its tag',
      D04: 'Blue/green, canary and linear by one word',
      D05: 'No static keys, immutable tags, no `latest` in a task definition',
      D06: 'Three stages with smoke tests and notifications',
      D07: 'Delivery figures',
    },
  },
  {
    title: 'E. production-platform: services on K3s',
    rows: {
      E01: 'Delivery by hand, and on push where the platform file says so',
      E02: 'Go quality',
      E03: 'Several images with cache, ECR or Docker Hub',
      E04: 'Deployment over S3 and SSM to exactly one node',
      E05: 'Ordered rollout on a busy small node',
      E06: 'Rollback of exactly what the run changed',
      E07: 'Health check with events in the summary',
      E08: 'K3s on EC2 without inbound ports, its size checked',
      E09: 'Manifests in typed TypeScript, checked against schemas',
      E10: 'Memory budget of the node',
    },
  },
];
