import type { Permission } from '../plan/model';

/** Permissions that several jobs ask for. A job that asks for none of a scope has none of it. */

export const READ_CONTENTS: Permission = {
  scope: 'contents',
  access: 'read',
  reason: 'checks out the repository',
};

export const SIGN_IN: Permission = {
  scope: 'id-token',
  access: 'write',
  reason: 'signs in to AWS with a token of this job, without stored keys',
};

/** @param reason what is read of runs and their jobs */
export const readRuns = (reason: string): Permission => ({ scope: 'actions', access: 'read', reason });
