/** A file below the folder of the rendered manifests. */
export interface RenderedFile {
  /** Such as `30-deployments/worker.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** What the manifests hold, so that nobody has to read them for it. */
export interface RenderedApp {
  /** In the order in which they are applied. */
  readonly files: readonly RenderedFile[];
  /** Names of StatefulSets. */
  readonly statefulSets: readonly string[];
  /** Names of services whose Deployments roll. */
  readonly deployments: readonly string[];
  /** Names of services with a blue and a green Deployment. */
  readonly routed: readonly string[];
  /** Repositories that the deployer puts digests behind, each once. */
  readonly repositories: readonly string[];
}
