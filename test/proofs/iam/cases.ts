import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Decision,
  evaluate,
  evaluateTrust,
  type IamRequest,
  parsePolicy,
  type TrustRequest,
} from '../../../proofs/iam';

/** What the documentation says: a decision, or that there is none to be had. */
export type Expected = Decision['effect'] | { readonly refused: string };

interface CaseBase {
  readonly name: string;
  readonly expected: Expected;
  /** A part of the explanation. */
  readonly because?: string;
  /** Page of the documentation that the expectation rests on. */
  readonly source: string;
}

export interface CallCase extends CaseBase {
  readonly policies: {
    readonly identity: readonly unknown[];
    readonly boundary?: readonly unknown[];
    readonly resource?: readonly unknown[];
  };
  readonly request: IamRequest;
}

export interface TrustCase extends CaseBase {
  readonly trust: unknown;
  readonly request: TrustRequest;
}

export type Case = CallCase | TrustCase;

const FOLDER = join(__dirname, 'cases');

/** Every case by topic; the topic is the path of its file. */
export function readCases(): readonly { readonly topic: string; readonly cases: readonly Case[] }[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      topic: file.replace(/\.json$/, ''),
      cases: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as readonly Case[],
    }));
}

/** Parses the policies of a case and decides; policies are named by where they stand, as `identity-0`. */
export function decide(item: Case): Decision {
  if ('trust' in item) return evaluateTrust(parsePolicy('trust', item.trust, 'trust'), item.request);
  const { identity, boundary, resource } = item.policies;
  return evaluate(
    {
      identity: identity.map((document, index) => parsePolicy(`identity-${index}`, document, 'identity')),
      ...(boundary && {
        boundary: boundary.map((document, index) => parsePolicy(`boundary-${index}`, document, 'identity')),
      }),
      ...(resource && {
        resource: resource.map((document, index) => parsePolicy(`resource-${index}`, document, 'resource')),
      }),
    },
    item.request,
  );
}
