import { USAGE_ERRORS } from './usage-errors';

/**
 * Every error that Lockstep reports, in one table. `docs/errors.md` is generated from it.
 *
 * `exit` is the process exit code: 2 for wrong usage or configuration, 1 for a failure while working.
 */
export const ERRORS = {
  ...USAGE_ERRORS,
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
    meaning:
      'The deployment was still running when its deadline passed. Lockstep asked AWS to roll it back where AWS can be asked.',
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
      'There was no place for what was deployed: the cluster is full and cannot grow, or AWS gives no more instances.',
    remedy:
      'Read the diagnosis: raise the number of instances or the quota, or let an update need fewer at a time.',
  },
  NoStableVersion: {
    exit: 1,
    meaning:
      'No earlier deployment succeeded with a version that can still be started, so there is nothing to roll back to.',
    remedy: 'Run the workflow that deploys there, for the version that is wanted.',
  },
  NoVersionOfImage: {
    exit: 1,
    meaning:
      'No version that was stable there, and that can still be started, runs the image to go back to. A rollback brings in no other.',
    remedy: 'Run the workflow that deploys there, for the commit that is wanted.',
  },
  UnknownRevision: {
    exit: 2,
    meaning: 'The revision to roll back to does not exist or belongs to another workload.',
    remedy: 'Use one of the revisions that `status` lists.',
  },
  NothingToPromote: {
    exit: 1,
    meaning: 'The environment does not serve a stable release that the next environment could take over.',
    remedy: 'Let a deployment to that environment succeed first; `status` shows what runs there.',
  },
  UnexpectedIdentity: {
    exit: 1,
    meaning: 'The job signed in to another account or with another role than the manifest says.',
    remedy: 'Compare account and role of the sign-in step with the manifest; run `npx projen` and commit.',
  },
  InactiveRevision: {
    exit: 2,
    meaning:
      'The revision to roll back to was deregistered. AWS starts no such revision, and a rollback may not register a new one.',
    remedy:
      'Run the workflow that deploys there, for the version that is wanted, or name a revision that `status` lists.',
  },
  RollbackFailed: {
    exit: 1,
    meaning: 'The rollback itself did not reach a stable state. A person has to look.',
    remedy: 'Read the diagnosis, mend the cause, then run the rollback workflow with a revision.',
  },
  VerificationFailed: {
    exit: 1,
    meaning: 'The deployment ended, but what runs is not what was deployed or is not healthy.',
    remedy: 'Read the failed checks; `diagnose` says what AWS knows about the cause.',
  },
  InvocationRefused: {
    exit: 1,
    meaning: 'What serves answered the request with an error of its own.',
    remedy: 'Read the answer; `logs` prints what the container wrote meanwhile.',
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
  NodeNotFound: {
    exit: 1,
    meaning: 'Not exactly one EC2 instance has the tag of the target.',
    remedy:
      'Read which instances were found; deploy the stack of this environment, or end the instance too many.',
  },
  NodeUnreachable: {
    exit: 1,
    meaning: 'The node does not run, or its SSM agent does not answer.',
    remedy:
      'Start the instance, or look at its agent and at its way to Systems Manager, then run the same command again.',
  },
  NodeRunFailed: {
    exit: 1,
    meaning: 'What the node was asked to do ended badly. The message names the step and the object.',
    remedy: 'Read the output of the node above this line; `diagnose` says what the cluster knows.',
  },
  ManifestsUnfit: {
    exit: 2,
    meaning: 'The rendered Kubernetes manifests are missing, or do not hold the images of the workload.',
    remedy: 'Run `npx projen` and commit what it writes below `k8s/`.',
  },
  GpuCheckFailed: {
    exit: 1,
    meaning: 'A combination of CUDA, driver and PyTorch did not pass its check on a GPU.',
    remedy: 'Read the cause that stands above this line; the report of the run compares it with the others.',
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
  GithubCallFailed: {
    exit: 1,
    meaning: "GitHub's API refused a call, or did not answer after several tries.",
    remedy: 'The message names the call and the answer. The token needs the permission `actions: read`.',
  },
  GithubTokenMissing: {
    exit: 2,
    meaning: "GitHub's API is asked with a token, and there is none.",
    remedy: 'Set GITHUB_TOKEN or GH_TOKEN; `gh auth token` prints one.',
  },
  NoticeNotSent: {
    exit: 1,
    meaning: 'People could not be told through every channel; the message names those that failed.',
    remedy: 'Set or correct the secret that the message names, or run the job again once the channel works.',
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
    remedy:
      'Run the same command again: `deploy` goes on where the deployment is. After a GPU check, first clean up what its result names.',
  },
} as const satisfies Record<string, { exit: number; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;
