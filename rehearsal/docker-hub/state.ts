/** Everything that the model of Docker Hub remembers. */
export interface DockerHubState {
  lastId: number;
  /** Access token of each account that may push, by its name. */
  readonly tokens: Map<string, string>;
  /** By name, such as `octo-org/api`. A repository is there with its first push. */
  readonly repositories: Map<string, HubRepository>;
  /** Bytes of uploads that are not complete, in Base64, by id. */
  readonly uploads: Map<string, string>;
}

export interface HubRepository {
  /** Contents in Base64, by digest. */
  readonly blobs: Map<string, string>;
  /** By digest. */
  readonly manifests: Map<string, HubManifest>;
  /** Digests, by tag. Any tag may move. */
  readonly tags: Map<string, string>;
}

export interface HubManifest {
  readonly mediaType: string;
  /** Base64. */
  readonly bytes: string;
}
