import { LockstepError } from './errors';

const PATTERN = /^(?<repository>[a-z0-9][a-z0-9._/:-]*[a-z0-9])@(?<digest>sha256:[0-9a-f]{64})$/;

/** An image by digest: the same bytes wherever it is pulled. Tags are refused. */
export class ImageReference {
  /**
   * @throws LockstepError `ImageWithoutDigest` for anything but `<repository>@sha256:<64 hex digits>`
   */
  static parse(text: string, place = '--image'): ImageReference {
    const match = PATTERN.exec(text);
    if (!match?.groups?.repository || !match.groups.digest) {
      throw new LockstepError('ImageWithoutDigest', {
        place,
        value: text === '' ? 'nothing' : JSON.stringify(text),
        allowed: '<repository>@sha256:<64 hex digits>',
        change: 'name the image by its digest, for instance the output of the build job',
      });
    }
    return new ImageReference(match.groups.repository, match.groups.digest);
  }

  private constructor(
    readonly repository: string,
    readonly digest: string,
  ) {}

  toString(): string {
    return `${this.repository}@${this.digest}`;
  }
}
