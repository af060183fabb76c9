/** A further tag of an image that was pushed under the tag of its commit. */
export interface FurtherTag {
  readonly name: string;
  /** True for a tag that later images take over; every other tag stays where it is. */
  readonly moves: boolean;
}

export interface TagSource {
  /** Full ref, such as `refs/heads/main` or `refs/tags/v1.2.3`. */
  readonly ref: string;
  readonly defaultBranch: string;
}

const RELEASE =
  /^refs\/tags\/(?<full>v(?<minor>(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))\.(?:0|[1-9]\d*)(?<pre>-[0-9A-Za-z.-]+)?)$/;

/** Tag under which the image of a commit is pushed: `sha-` and the first seven digits. */
export function commitTag(commit: string): string {
  return `sha-${commit.slice(0, 7).toLowerCase()}`;
}

/**
 * Tags besides that of the commit: `v1.2.3` and `1.2` on a release tag, `latest` on the default branch.
 * A pre-release gets only its own tag, so that `1.2` never names one.
 */
export function furtherTags({ ref, defaultBranch }: TagSource): readonly FurtherTag[] {
  if (ref === `refs/heads/${defaultBranch}`) return [{ name: 'latest', moves: true }];
  const { full, minor, pre } = RELEASE.exec(ref)?.groups ?? {};
  if (full === undefined || minor === undefined) return [];
  if (pre !== undefined) return [{ name: full, moves: false }];
  return [
    { name: full, moves: false },
    { name: minor, moves: true },
  ];
}
