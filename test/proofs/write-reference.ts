import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../contract';
import { type Proof, PROOFS, readForProofs } from '../../proofs';
import { MUTATIONS } from './mutations';
import { sources } from './sample';

// Writes docs/proofs.md. The example below each proof is a finding that a seeded defect really gives.

async function exampleOf({
  code,
  check,
}: Proof): Promise<{ readonly defect: string; readonly finding: Fault }> {
  const mutation = MUTATIONS.find(({ owner }) => owner === code);
  if (!mutation) throw new Error(`no seeded defect for ${code}`);
  const sample = (mutation.of ?? sources)();
  mutation.apply(sample);
  const [finding] = check(await readForProofs(sample)).findings;
  if (!finding) throw new Error(`${code} does not find "${mutation.name}"`);
  return { defect: mutation.name, finding };
}

async function section(proof: Proof): Promise<string[]> {
  const { code, name, claim, why, reads, limits } = proof;
  const { defect, finding } = await exampleOf(proof);
  const seeded = MUTATIONS.filter(({ owner }) => owner === code).length;
  return [
    `## ${code} ${name}`,
    '',
    `**Claim.** ${claim}`,
    '',
    `**Why it matters.** ${why}`,
    '',
    `**Reads.** ${reads.join('; ')}.`,
    '',
    `**Limits.** ${limits}`,
    '',
    `**An example.** One of the ${seeded} defects that its tests seed is "${defect}":`,
    '',
    '```text',
    `${code} ${finding.place}`,
    `  got      ${finding.value}`,
    `  allowed  ${finding.allowed}`,
    `  change   ${finding.change}`,
    '```',
    '',
  ];
}

async function write(): Promise<void> {
  const sections: string[] = [];
  for (const proof of PROOFS) sections.push(...(await section(proof)));
  const text = [
    '# Proofs',
    '',
    'Written by `npm test` from `proofs/`. `npx lockstep prove` runs them; `--explain P04` shows one of these.',
    '',
    'They read the templates as synthesized, the workflow files as parsed back from YAML, and the manifest, and',
    'talk to nobody. A proof that finds nothing to check is a finding itself.',
    '',
    ...sections,
  ];
  writeFileSync(join(__dirname, '../../docs/proofs.md'), `${text.join('\n').trimEnd()}\n`);
}

void write();
