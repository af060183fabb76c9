import type { Caller } from '../service';

/** Everything that the model of ECR remembers. Times are milliseconds since the epoch. */
export interface EcrState {
  lastId: number;
  /** By ARN. */
  readonly repositories: Map<string, Repository>;
  /** Sessions of the Docker registry protocol, by the password that `GetAuthorizationToken` gave out. */
  readonly sessions: Map<string, RegistrySession>;
  /** Layers that `GetDownloadUrlForLayer` opened, by ticket in the URL. */
  readonly downloads: Map<string, Download>;
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html */
export type TagMutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION';

export interface Repository {
  readonly arn: string;
  /** Account of the registry. */
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly createdAt: number;
  readonly mutability: TagMutability;
  /** Patterns with `*` of tags for which the opposite holds. */
  readonly exclusions: readonly string[];
  readonly scanOnPush: boolean;
  /** Policy document of the resource. */
  readonly policy?: unknown;
  /** By digest. */
  readonly images: Map<string, StoredImage>;
  /** Digest by tag. */
  readonly tags: Map<string, string>;
  /** Base64 by digest. */
  readonly layers: Map<string, string>;
  /** By upload id. */
  readonly uploads: Map<string, Upload>;
}

export interface StoredImage {
  /** The bytes whose hash is the digest. */
  readonly manifest: string;
  readonly mediaType: string;
  readonly pushedAt: number;
}

/** A layer on its way. */
export interface Upload {
  readonly startedAt: number;
  /** Base64, in order. */
  readonly parts: string[];
}

/** Whom a password of the registry stands for. */
export interface RegistrySession {
  readonly caller: Caller;
  readonly expiresAt: number;
}

export interface Download {
  readonly repositoryArn: string;
  readonly digest: string;
  readonly expiresAt: number;
}

export const emptyState = (): EcrState => ({
  lastId: 0,
  repositories: new Map(),
  sessions: new Map(),
  downloads: new Map(),
});
