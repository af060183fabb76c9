import type { Token } from '../../../proofs/claims';

/** Reads tokens of an identity provider, with its keys. */
export interface TokenReader {
  /** @throws ApiFault `InvalidIdentityToken`, `ExpiredTokenException` */
  read(token: string): { readonly issuer: string; readonly claims: Token };
}
