/** Errors of configuration and usage, found before anything is asked of AWS. Listed with all others in `error-codes`. */
export const USAGE_ERRORS = {
  InvalidConfiguration: {
    exit: 2,
    meaning: 'The platform file has one or more faults. All of them are listed at once.',
    remedy: 'Change each field as its line says, then run `npx projen` again.',
  },
  PlatformUnreadable: {
    exit: 2,
    meaning: 'The platform file is missing, cannot be compiled, or does not export a platform.',
    remedy: 'Let platform.config.ts say `export default definePlatform({ … })`.',
  },
  TokenInManifest: {
    exit: 2,
    meaning:
      'A value that is only known at deployment (a CDK token) would have been written into the manifest.',
    remedy: 'Give the value as a literal prop, or publish it through an SSM parameter and refer to that.',
  },
  DuplicateEntry: {
    exit: 2,
    meaning: 'Two entries of the manifest claim the same id.',
    remedy: 'Give each construct its own id; the message names both construct paths.',
  },
  TrustPolicyTooLong: {
    exit: 2,
    meaning: 'The trust policy of a role is longer than IAM allows.',
    remedy: 'Shorten the names that stand in it: owner, repository, workload or environment.',
  },
  ManifestMissing: {
    exit: 2,
    meaning: 'The command found no manifest to read targets from.',
    remedy: 'Run it in the root of the repository, after `npx projen` wrote `.lockstep/manifest.json`.',
  },
  ManifestUnreadable: {
    exit: 2,
    meaning: 'The manifest is not valid JSON or does not follow its schema.',
    remedy: 'Do not edit it by hand; run `npx projen` to write it anew.',
  },
  ManifestTooNew: {
    exit: 2,
    meaning: 'The manifest was written by a newer Lockstep than the command that reads it.',
    remedy: 'Run `npx projen` so that `.lockstep/cli.mjs` and the manifest come from the same version.',
  },
  UnknownWorkload: {
    exit: 2,
    meaning: 'The named workload is not in the manifest.',
    remedy: 'Use one of the workloads that the message lists.',
  },
  UnknownImage: {
    exit: 2,
    meaning: 'The named image is not in the manifest.',
    remedy: 'Use one of the images that the message lists; a workload with one image lends it its name.',
  },
  UnknownEnvironment: {
    exit: 2,
    meaning: 'The workload is not deployed to the named environment.',
    remedy: 'Use one of the environments that the message lists.',
  },
  UnknownTargetKind: {
    exit: 2,
    meaning: 'The manifest holds a deploy target of a kind that this command has no deployer for.',
    remedy: 'Run `npx projen` so that command and manifest come from the same version.',
  },
  InvalidSpec: {
    exit: 2,
    meaning: 'The spec of a deploy target does not have the form that its deployer reads.',
    remedy: 'Run `npx projen` to write the manifest anew.',
  },
  InvalidArgument: {
    exit: 2,
    meaning: 'An argument of the command line is missing or malformed.',
    remedy: 'Call the command with `--help` for its form and an example.',
  },
  ImageWithoutDigest: {
    exit: 2,
    meaning: 'An image was named by tag, or not at all. Only a digest names the same bytes everywhere.',
    remedy: 'Pass `--image <repository>@sha256:<64 hex digits>`; `image find` prints it for a commit.',
  },
  ForeignImage: {
    exit: 2,
    meaning: 'The image comes from another repository than the one that the workload declares.',
    remedy: 'Push the image to the declared repository and deploy it from there.',
  },
  InvalidModelArtifact: {
    exit: 2,
    meaning: 'A model was named in another form than an archive in S3, or not at all.',
    remedy:
      'Pass `--model s3://<bucket>/<key>.tar.gz`, with `?versionId=…` where a certain version is meant.',
  },
  ForeignModel: {
    exit: 2,
    meaning: 'The model lies in another bucket than the one that the workload declares.',
    remedy: 'Upload the model to the declared bucket and deploy it from there.',
  },
  VerbNotSupported: {
    exit: 2,
    meaning: 'The deploy target does not offer what the command asks of it.',
    remedy: 'Use one of the commands that the message names.',
  },
  DanglingReference: {
    exit: 2,
    meaning: 'An entry of the manifest names another entry that is not there.',
    remedy: 'Declare the entry that the message names in the platform file, then run `npx projen` again.',
  },
  UnsupportedTagPattern: {
    exit: 2,
    meaning: 'A release tag pattern uses a character that GitHub, the shell and IAM each read differently.',
    remedy: 'Write the pattern with letters, digits, `.`, `_`, `/`, `-` and `*` only, such as `v*`.',
  },
  CacheTagNotMovable: {
    exit: 2,
    meaning: 'The build keeps its layer cache under a tag that the image repository would refuse to move.',
    remedy: 'Narrow the pattern of immutable tags that the message names.',
  },
  SessionTooShort: {
    exit: 2,
    meaning: 'A job may run longer than the longest session of the role that it assumes.',
    remedy: 'Raise the longest session of the role, or lower the timeout, as the message says.',
  },
  UnpinnedAction: {
    exit: 2,
    meaning: 'A step uses an action that is not among the reviewed pins.',
    remedy: 'Add the action with its full commit SHA and a reason to `workflows/pins/action-pins.json`.',
  },
  CompromisedPin: {
    exit: 2,
    meaning: 'An action or a tool is pinned to something known to be malicious, vulnerable or no commit.',
    remedy: 'Pin a release that was reviewed after the incident that the message names.',
  },
  UnknownActionInput: {
    exit: 2,
    meaning: 'A step gives an action an input that its pinned release does not have.',
    remedy: 'Use one of the inputs that the message lists; GitHub would only print a warning.',
  },
  MissingActionInput: {
    exit: 2,
    meaning: 'A step leaves out an input that its action needs and has no default for.',
    remedy: 'Give the input that the message names.',
  },
  ExpressionInRun: {
    exit: 2,
    meaning: 'A script holds a `${{ }}` expression, through which foreign text could become a command.',
    remedy: 'Put the expression into `env` of the step and read the variable in the script.',
  },
  UnsupportedPolicy: {
    exit: 2,
    meaning: 'A policy, or a request put to it, holds something that the IAM evaluator does not model.',
    remedy: 'Change what the message names; the evaluator never guesses, because a guess could be an allow.',
  },
  NotRegenerated: {
    exit: 2,
    meaning: 'Generated files are missing, or come from another platform file than the one that is there.',
    remedy: 'Run `npx projen`, and commit what changed.',
  },
  NotSynthesized: {
    exit: 2,
    meaning: 'The templates that the command reads are not there.',
    remedy: 'Run `npx cdk synth --quiet`, or `npm start`.',
  },
} as const satisfies Record<string, { exit: 2; meaning: string; remedy: string }>;
