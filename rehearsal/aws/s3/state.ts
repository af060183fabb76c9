/** Everything that the model of S3 remembers. Times are milliseconds since the epoch. */
export interface S3State {
  lastId: number;
  /** By name, which is unique over all accounts. */
  readonly buckets: Map<string, Bucket>;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Missing until versioning was switched on for the first time. */
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Policy document of the resource. */
  policy?: unknown;
  /** Versions by key, newest last; never empty. */
  readonly objects: Map<string, readonly ObjectVersion[]>;
}

/** `null` names the version of a bucket without versioning. */
export type ObjectVersion = StoredObject | DeleteMarker;

export interface DeleteMarker {
  readonly kind: 'deleteMarker';
  readonly versionId: string;
  readonly at: number;
}

export interface StoredObject {
  readonly kind: 'object';
  readonly versionId: string;
  readonly at: number;
  /** Base64. */
  readonly body: string;
  /** With its quotes. */
  readonly etag: string;
  /** Members of the request that come back with the object, such as `ContentType`. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Members such as `ChecksumCRC32`, which come back when the reader asks for them. */
  readonly checksums: Readonly<Record<string, unknown>>;
}
