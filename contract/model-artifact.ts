import { LockstepError } from './errors';

const PATTERN =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(?<key>[A-Za-z0-9!_.*'()/-]+\.tar\.gz)(?:\?versionId=(?<version>[A-Za-z0-9._-]+))?$/;

/**
 * A model as SageMaker reads it: one archive in S3. With a version it names the same bytes everywhere.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html (characters that are safe in a key)
 */
export class ModelArtifact {
  /**
   * @throws LockstepError `InvalidModelArtifact` for anything but `s3://<bucket>/<key>.tar.gz[?versionId=<id>]`
   */
  static parse(text: string, place = '--model'): ModelArtifact {
    const match = PATTERN.exec(text);
    if (!match?.groups?.bucket || !match.groups.key) {
      throw new LockstepError('InvalidModelArtifact', {
        place,
        value: text === '' ? 'nothing' : JSON.stringify(text),
        allowed: 's3://<bucket>/<key>.tar.gz, optionally with ?versionId=<id>',
        change: 'name the archive that the training has uploaded',
      });
    }
    return new ModelArtifact(match.groups.bucket, match.groups.key, match.groups.version);
  }

  private constructor(
    readonly bucket: string,
    readonly key: string,
    /** Version of the object; without one, the newest is meant. */
    readonly version: string | undefined,
  ) {}

  /** Address without version, as SageMaker takes it. */
  get uri(): string {
    return `s3://${this.bucket}/${this.key}`;
  }

  /** The same key at a version. */
  at(version: string): ModelArtifact {
    return new ModelArtifact(this.bucket, this.key, version);
  }

  toString(): string {
    return this.version === undefined ? this.uri : `${this.uri}?versionId=${this.version}`;
  }
}
