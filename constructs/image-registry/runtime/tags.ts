/** A further tag of an image that was pushed under the tag of its commit. */
export interface FurtherTag {
  readonly name: string;
  /**
   * Release that a moving tag is given for: it must not leave a later one of the same line, which a run
   * that comes late would otherwise do. @default - the tag goes to whichever image comes last, or never moves
   */
  readonly release?: string;
}

export interface TagSource {
  /** Full ref, such as `refs/heads/main` or `refs/tags/v1.2.3`. */
  readonly ref: string;
  readonly defaultBranch: string;
}

const NUMBER = '(?:0|[1-9]\\d*)';
const RELEASE = new RegExp(`^v(?<line>${NUMBER}\\.${NUMBER})\\.(?<patch>${NUMBER})(?<pre>-[0-9A-Za-z.-]+)?$`);
const TAG_REF = /^refs\/tags\/(?<name>.+)$/;

/** Digits of a commit that tell it from every other one: seven, as Git abbreviates, soon meet twice. */
const COMMIT_DIGITS = 12;

/** Tag under which the image of a commit is pushed: `sha-` and the first twelve digits. */
export function commitTag(commit: string): string {
  return `sha-${commit.slice(0, COMMIT_DIGITS).toLowerCase()}`;
}

/**
 * Tags besides that of the commit: `v1.2.3` and `1.2` on a release tag, `latest` on the default branch.
 * A pre-release gets only its own tag, so that `1.2` never names one.
 */
export function furtherTags({ ref, defaultBranch }: TagSource): readonly FurtherTag[] {
  if (ref === `refs/heads/${defaultBranch}`) return [{ name: 'latest' }];
  const name = TAG_REF.exec(ref)?.groups?.name ?? '';
  const { line, pre } = RELEASE.exec(name)?.groups ?? {};
  if (line === undefined) return [];
  return pre === undefined ? [{ name }, { name: line, release: name }] : [{ name }];
}

/**
 * The last release of the same line among the tags, if it is later than the given one.
 *
 * @param release such as `v1.2.3`
 * @param tags every tag of the repository
 */
export function laterRelease(release: string, tags: readonly string[]): string | undefined {
  const own = releaseOf(release);
  if (!own) return undefined;
  const later = tags.filter((tag) => {
    const other = releaseOf(tag);
    return other?.line === own.line && other.patch > own.patch;
  });
  return later.sort((a, b) => Number((releaseOf(a)?.patch ?? 0n) - (releaseOf(b)?.patch ?? 0n))).at(-1);
}

/** Numbers of a release; pre-releases are none. Git sets no limit to the digits of a version. */
function releaseOf(tag: string): { readonly line: string; readonly patch: bigint } | undefined {
  const { line, patch, pre } = RELEASE.exec(tag)?.groups ?? {};
  if (line === undefined || patch === undefined || pre !== undefined) return undefined;
  return { line, patch: BigInt(patch) };
}
