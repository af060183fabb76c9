import type { ClusterState } from '../kubernetes';

/** What a machine remembers besides what runs on it: plain data, part of a situation. */
export interface MachineState {
  /** What lies in the folder in which its scripts keep their state, by path. */
  files: ReadonlyMap<string, StoredFile>;
  /** Paths there that find no more room on the disk. */
  readonly noRoomFor: Set<string>;
  /** Units that systemd has stopped. */
  readonly stopped: Set<string>;
  readonly cluster: ClusterState;
}

export type StoredFile =
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly to: string }
  /** Base64. */
  | { readonly kind: 'file'; readonly content: string };
