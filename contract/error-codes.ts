/**
 * Every error that Lockstep reports, in one table. `docs/errors.md` is generated from it.
 *
 * `exit` is the process exit code: 2 for wrong usage or configuration, 1 for a failure while working.
 */
export const ERRORS = {
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
  NotDeployed: {
    exit: 1,
    meaning: 'What the target names does not exist in the account.',
    remedy: 'Run `npx cdk deploy` for the stack that the message names, then try again.',
  },
  DeploymentFailed: {
    exit: 1,
    meaning: 'The deployment did not reach its end, or AWS rolled it back.',
    remedy:
      'Read the diagnosis that stands above this line; the last stable version is being served or restored.',
  },
  DeploymentTimedOut: {
    exit: 1,
    meaning: 'The deployment was still running when its deadline passed. Lockstep asked AWS to roll it back.',
    remedy:
      'Read the diagnosis; raise `rollout.timeout` of the workload if the workload needs longer to start.',
  },
  DeploymentSuperseded: {
    exit: 1,
    meaning: 'Another deployment took the place of this one while it ran.',
    remedy:
      'Find who deployed (the message names the deployment), then run the workflow again if it is still wanted.',
  },
  DeploymentNotListed: {
    exit: 1,
    meaning: 'AWS took the update but does not list a deployment for it.',
    remedy: 'Run the same command again: it takes up the deployment once AWS lists it.',
  },
  CapacityMissing: {
    exit: 1,
    meaning:
      'Tasks could not be placed: the cluster has not enough free GPUs, memory or CPU and cannot grow.',
    remedy: 'Raise the number of instances in the platform file, or lower minimumHealthyPercent.',
  },
  NoStableVersion: {
    exit: 1,
    meaning:
      'No earlier deployment succeeded with a version that can still be started, so there is nothing to roll back to.',
    remedy: 'Run the deploy workflow for the commit that is wanted.',
  },
  UnknownRevision: {
    exit: 2,
    meaning: 'The revision to roll back to does not exist or belongs to another workload.',
    remedy: 'Use one of the revisions that `status` lists.',
  },
  InactiveRevision: {
    exit: 2,
    meaning:
      'The revision to roll back to was deregistered. AWS starts no such revision, and a rollback may not register a new one.',
    remedy: 'Run the deploy workflow for the commit that is wanted, or name a revision that `status` lists.',
  },
  RollbackFailed: {
    exit: 1,
    meaning: 'The rollback itself did not reach a stable state. A person has to look.',
    remedy: 'Read the diagnosis, mend the cause, then run the rollback workflow with a revision.',
  },
  VerificationFailed: {
    exit: 1,
    meaning: 'The deployment ended, but what runs is not what was deployed or is not healthy.',
    remedy: 'Read the failed checks; `diagnose` prints the reasons of stopped tasks.',
  },
  ImageNotFound: {
    exit: 1,
    meaning: 'The registry has no image with the tag or digest.',
    remedy: 'Run the build first, or check the tag.',
  },
  ModelNotFound: {
    exit: 1,
    meaning: 'The bucket has no such model artifact.',
    remedy: 'Run the training first, or check bucket, key and version.',
  },
  ModelOverwritten: {
    exit: 1,
    meaning:
      'Another model was uploaded under the same key since. SageMaker reads the newest version of a key only.',
    remedy: 'Upload each model under a key of its own, then deploy that key.',
  },
  EndpointBusy: {
    exit: 1,
    meaning: 'The endpoint was still being changed by something else when the deadline passed.',
    remedy: 'Wait until the endpoint is InService, then run the same command again.',
  },
  EndpointFailed: {
    exit: 1,
    meaning: 'The endpoint is Failed: nothing serves, and SageMaker allows nothing but its deletion.',
    remedy: 'Read the diagnosis, delete the endpoint, mend the cause, then deploy again.',
  },
  EndpointRollbackFailed: {
    exit: 1,
    meaning:
      'An update failed and SageMaker could not undo it (UpdateRollbackFailed): old and new instances serve side by side.',
    remedy:
      'Do not delete the endpoint, it serves. Mend the cause, then let a person bring it to one version.',
  },
  TagTaken: {
    exit: 1,
    meaning: 'An immutable tag already names other bytes.',
    remedy: 'Choose a new version number; immutable tags are never moved.',
  },
  AwsCallFailed: {
    exit: 1,
    meaning: 'AWS refused a call, or did not answer after several tries.',
    remedy:
      'The message names the call and the answer. For AccessDenied, run `npx cdk deploy` so that the role matches.',
  },
  SessionExpired: {
    exit: 1,
    meaning: 'The AWS session ended while the command ran. What AWS was doing goes on.',
    remedy: 'Sign in anew and run the same command again: it takes up the deployment where it is.',
  },
  Unforeseen: {
    exit: 1,
    meaning: 'Something went wrong that Lockstep has no code for. AWS is not the cause.',
    remedy: 'Run the command again with LOCKSTEP_DEBUG=1 and report the stack trace.',
  },
  NotRehearsed: {
    exit: 1,
    meaning: 'A template asks for something of AWS that the rehearsal does not model.',
    remedy: 'Leave the workload out of the rehearsal, or add what is missing to `rehearsal/aws/`.',
  },
  UnsupportedWorkflow: {
    exit: 1,
    meaning:
      'A workflow uses something that GitHub refuses, or that the rehearsal cannot run as GitHub would.',
    remedy: 'Write the line in a way that the message names, or leave the workflow out of the rehearsal.',
  },
  Interrupted: {
    exit: 130,
    meaning: 'The command was told to stop (SIGINT or SIGTERM). What AWS was doing goes on.',
    remedy: 'Run the same command again: it takes up the deployment where it is.',
  },
} as const satisfies Record<string, { exit: number; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;
