import type { ActionStandIn } from '../github/action-stand-in';
import type { ProgramBehaviour } from '../programs';
import type { GitHistory, RepositorySnapshot } from '../repository';
import { amazonEcrLogin } from './amazon-ecr-login';
import type { ArtifactStore } from './artifact-store';
import { attest } from './attest';
import { buildPush } from './build-push';
import { checkout } from './checkout';
import { configureAwsCredentials } from './configure-aws-credentials';
import { type ActionDefinition, standIn } from './definition';
import { dockerLogin } from './docker-login';
import { downloadArtifact } from './download-artifact';
import { setupBuildx } from './setup-buildx';
import { setupGo } from './setup-go';
import { setupNode } from './setup-node';
import { setupPython } from './setup-python';
import { trivy } from './trivy';
import type { Finding } from './trivy-report';
import { uploadArtifact } from './upload-artifact';
import { uploadSarif } from './upload-sarif';

export { ArtifactStore } from './artifact-store';
export type { Finding, Severity } from './trivy-report';

/**
 * What the stand-ins of one run share, and what goes wrong with them. Lists and maps are read when an action runs, so
 * a fault may fill them meanwhile.
 */
export interface ActionOptions {
  readonly repository: RepositorySnapshot;
  readonly artifacts: ArtifactStore;
  /** Makes full checkouts Git repositories. @default - they are plain folders, and the log says so */
  readonly history?: GitHistory;
  /** What every scan finds. @default - nothing */
  readonly findings?: readonly Finding[];
  /** Message with which an action fails, by its name. @default - none fails */
  readonly breaks?: ReadonlyMap<string, string>;
  /** What calls of programs of the setup actions come to. Read when they are set up. @default - they only say so */
  readonly programs?: ProgramBehaviour;
}

/** A stand-in for each pinned action, by its name in lower case. */
export function actionStandIns(options: ActionOptions): ReadonlyMap<string, ActionStandIn> {
  const { breaks = new Map<string, string>() } = options;
  return new Map(
    definitions(options).map((definition) => [definition.action.toLowerCase(), standIn(definition, breaks)]),
  );
}

function definitions(options: ActionOptions): readonly ActionDefinition[] {
  const { repository, artifacts, history, findings = [], programs = {} } = options;
  return [
    checkout(repository, history),
    setupPython(programs),
    setupNode(programs),
    setupGo(programs),
    uploadArtifact(artifacts),
    downloadArtifact(artifacts),
    configureAwsCredentials,
    amazonEcrLogin,
    dockerLogin,
    setupBuildx(programs),
    buildPush(),
    trivy({ findings }),
    attest(),
    uploadSarif(),
  ];
}
