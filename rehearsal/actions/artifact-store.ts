import { createHash } from 'node:crypto';

export interface Artifact {
  readonly id: number;
  readonly name: string;
  /** By path, with `/` between folders. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** SHA-256 over paths and contents, 64 hex digits. GitHub's is that of the archive. */
  readonly digest: string;
}

/** Artifacts of one run: its jobs share them. */
export class ArtifactStore {
  private readonly artifacts = new Map<string, Artifact>();
  private last = 0;

  /** Keeps it, in place of one of the same name. */
  keep(name: string, files: ReadonlyMap<string, Buffer>): Artifact {
    const artifact = { id: ++this.last, name, files, digest: digestOf(files) };
    this.artifacts.set(name, artifact);
    return artifact;
  }

  /** A store of its own, with what is in this one now. */
  copy(): ArtifactStore {
    const copied = new ArtifactStore();
    for (const [name, artifact] of this.artifacts) copied.artifacts.set(name, artifact);
    copied.last = this.last;
    return copied;
  }

  find(name: string): Artifact | undefined {
    return this.artifacts.get(name);
  }

  list(): readonly Artifact[] {
    return [...this.artifacts.values()];
  }
}

function digestOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}
