import type { Project } from 'projen';
import { Component } from 'projen/lib/component';
import { type DeployManifest, encodeManifest, MANIFEST_PATH, manifestJsonSchema } from '../contract';
import { GeneratedText } from './text-file';

/** The manifest, and its JSON schema for other readers. */
export class ManifestFiles extends Component {
  constructor(project: Project, manifest: DeployManifest) {
    super(project);
    new GeneratedText(project, MANIFEST_PATH, encodeManifest(manifest));
    new GeneratedText(
      project,
      'contract/schema/deploy-manifest.schema.json',
      `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`,
    );
  }
}
