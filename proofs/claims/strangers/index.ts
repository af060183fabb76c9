import { contextOf } from '../issuer';
import { type JobRun, mint } from '../mint';
import { contextStrangers } from './context';
import { providerStrangers } from './provider';
import { identityStrangers, repositoryStrangers } from './repository';
import type { Base, Stranger } from './stranger';
import { audienceStrangers, subjectStrangers } from './token';
import { workflowFileStrangers } from './workflow-file';

export type { Base, Family, Stranger, Switchable } from './stranger';

/**
 * Everybody who resembles an own job and must be refused. What has to do with the subject is made for
 * each form that it can have; the rest is the same in both.
 */
export function strangersTo(base: Base, forms: readonly JobRun['form'][]): readonly Stranger[] {
  const inForms = forms.flatMap((form) => {
    const run = { ...base.run, form };
    const formed = { ...base, run, context: contextOf(mint(run)) };
    return [
      ...repositoryStrangers(formed),
      ...identityStrangers(formed),
      ...contextStrangers(formed),
      ...subjectStrangers(formed),
    ];
  });
  return [...inForms, ...workflowFileStrangers(base)];
}

/** Strangers whose token was made by or for somebody else: the same ones for every job of a role. */
export function outsidersTo(base: Base): readonly Stranger[] {
  return [...audienceStrangers(base), ...providerStrangers(base)];
}

/** Strangers who differ in nothing but the workflow file. */
export { workflowFileStrangers as fileStrangersTo } from './workflow-file';
