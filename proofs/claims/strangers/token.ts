import { type Base, byClaims, type Stranger, subjectOf } from './stranger';

/** Tokens that were made for somebody else than AWS. */
export function audienceStrangers(base: Base): readonly Stranger[] {
  const { audience, repository } = base.run;
  const standard = `https://github.com/${repository.owner}`;
  const made = 'a token for another service must not open AWS';
  const claim = (name: string, aud: string | readonly string[] | undefined): Stranger =>
    byClaims(base, 'audience', [name, made], { aud });
  return [
    claim('audience of GitHub by default', standard),
    claim('audience of a signing service', 'sigstore'),
    claim('audience with a suffix', `${audience}.evil.example`),
    claim('audience with a prefix', `evil.${audience}`),
    claim('audience as an address', `https://${audience}`),
    claim('audience in capitals', audience.toUpperCase()),
    claim('several audiences', [standard, 'sigstore']),
    claim('audiences in one text', `${audience},sigstore`),
    claim('empty audience', ''),
    claim('no audience', undefined),
  ];
}

/** Subjects that are absent, or put together by a customised template. */
export function subjectStrangers(base: Base): readonly Stranger[] {
  const { admits, run } = base;
  const { repository, jobWorkflowRef, environment, ref } = run;
  const { owner, name, ownerId = '0', repositoryId = '0' } = repository;
  const sub = subjectOf(base);
  const template = 'whoever administers the repository may choose the parts of the subject';
  const subject = (what: string, value: string | undefined, reason: string = template): Stranger =>
    byClaims(base, 'subject', [what, reason], { sub: value });
  const noForm = 'no form of GitHub; nothing may match it';
  // Where the trigger admits every tag with this beginning, what stands behind is only another such tag.
  const open = environment === undefined && admits(`${ref}-evil`);
  return [
    subject('no subject', undefined, noForm),
    subject('empty subject', '', noForm),
    subject('subject in capitals', sub.toUpperCase(), noForm),
    subject('subject with something before', `evil:${sub}`, noForm),
    subject('a star as subject', '*', noForm),
    subject('subject of ids', `repository_owner_id:${ownerId}:repository_id:${repositoryId}`),
    subject('subject of repository only', `repo:${owner}/${name}`),
    subject('subject of owner only', `repository_owner:${owner}`),
    subject('subject of the workflow file only', `job_workflow_ref:${jobWorkflowRef}`),
    ...(open
      ? []
      : [
          subject('subject with something behind', `${sub}-evil`, noForm),
          subject('subject with the workflow file', `${sub}:job_workflow_ref:${jobWorkflowRef}`),
          subject('subject with the actor', `${sub}:actor:octocat`),
        ]),
  ];
}
