import { dirname } from 'node:path';
import type { Command } from 'commander';
import { loadPlatform } from '../bin/load-platform';
import { LockstepError } from '../contract';
import { PROOF_CODES, PROOFS, type ProofCode, readForProofs } from '../proofs';
import type { CommandContext } from '../runtime/commands/options';
import { addLocalCommand, type Answer } from './local-command';
import { hasFindings, proofReport, renderProofs } from './prove';
import { readRepository, synthesize } from './read-artefacts';

const ROOT = dirname(__dirname);

interface ProveOptions {
  readonly json?: boolean;
  readonly explain?: string;
}

/** `lockstep prove`: shows offline that templates and workflows fit. */
export function addProve(program: Command, context: CommandContext): void {
  addLocalCommand<ProveOptions>(
    program,
    context,
    {
      name: 'prove',
      description: 'Show offline that infrastructure and workflows fit; ends with 1 on any finding',
      example: 'prove --explain P04',
      shape:
        '{ proofs: [{ code, name, claim, checked, findings: [{ code, place, value, allowed, change }], notes }],\n' +
        '    roles: [{ role, calls, covered, grants, used }] }',
    },
    async ({ explain }) => (explain === undefined ? proveRepository() : explanation(explain)),
  ).option('--explain <code>', 'say what a proof claims, why, what it reads, and its limits');
}

async function proveRepository(): Promise<Answer> {
  const report = proofReport(await readForProofs(readRepository(ROOT, synthesize(loadPlatform()))));
  return { json: report, text: (paint) => renderProofs(report, paint), passed: !hasFindings(report) };
}

function explanation(code: string): Answer {
  const proof = PROOFS.find((candidate) => candidate.code === code.toUpperCase());
  if (!proof) {
    throw new LockstepError('InvalidArgument', {
      place: '--explain',
      value: JSON.stringify(code),
      allowed: PROOF_CODES.join(', '),
      change: 'name one of the proofs',
    });
  }
  const { name, claim, why, reads, limits } = proof;
  const known: ProofCode = proof.code;
  return {
    json: { code: known, name, claim, why, reads, limits },
    text: (paint) =>
      [
        '',
        paint.bold(`${known} ${name}`),
        '',
        claim,
        '',
        `Why      ${why}`,
        `Reads    ${reads.join('; ')}`,
        `Limits   ${limits}`,
        '',
        '',
      ].join('\n'),
  };
}
