import { resolve } from 'node:path';
import { LockstepError } from '../contract/errors';
import { hear, type Verdict } from './bench';
import { installParts, nodeServices, pythonServices } from './install';
import type { Judge } from './judge';
import { EMULATOR_JUDGES } from './judges-emulator';
import { GO_JUDGES } from './judges-go';
import { KUBERNETES_JUDGES } from './judges-kubernetes';
import { nodeJudges } from './judges-node';
import { sourceJudges } from './judges-sources';
import { TEMPLATE_JUDGES } from './judges-templates';
import { WORKFLOW_JUDGES } from './judges-workflows';
import { formatCount, formatReport } from './report';
import { testJudge } from './self-test';
import { findSubjects } from './subjects';

const USAGE = `Usage: npm run conformance -- [--json] [--strict] [--self-test]

Lets programs of other people judge what Lockstep emits, and the AWS that it rehearses against. Exit code 0: nothing found; 1: findings, or a
judge broke; 2: wrong usage.

  --json       machine-readable: { verdicts: [{ judge, status, read, findings, reason }], summary }
  --strict     a judge that is not installed counts as failed
  --self-test  show that each installed judge finds the known-bad samples and accepts the good ones
`;

const OPTIONS: readonly string[] = ['--json', '--strict', '--self-test', '--help'];

const judgesOf = (root: string): readonly Judge[] => [
  ...WORKFLOW_JUDGES,
  ...TEMPLATE_JUDGES,
  ...KUBERNETES_JUDGES,
  ...sourceJudges(pythonServices(root)),
  ...nodeJudges(nodeServices(root)),
  ...GO_JUDGES,
  ...EMULATOR_JUDGES,
];

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !OPTIONS.includes(arg));
  if (unknown !== undefined) {
    throw new LockstepError('InvalidArgument', {
      place: 'argument',
      value: unknown,
      allowed: OPTIONS.join(', '),
      change: 'leave it out; --help explains the options',
    });
  }
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const root = resolve(__dirname, '..');
  const judges = judgesOf(root);
  const parts = await installParts(root);
  const verdicts: Verdict[] = [];
  if (args.includes('--self-test')) {
    for (const judge of judges) verdicts.push(await testJudge(judge, root, parts));
  } else {
    const subjects = await findSubjects(root);
    for (const judge of judges) verdicts.push(await hear(judge, subjects, parts));
  }
  const summary = formatCount(verdicts);
  const text = args.includes('--json')
    ? JSON.stringify({ verdicts, summary }, null, 2)
    : formatReport(verdicts);
  process.stdout.write(`${text}\n`);
  const strict = args.includes('--strict');
  return verdicts.some((verdict) => verdict.status === 'failed' || (strict && !verdict.installed)) ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = LockstepError.is(error) ? error.exitCode : 1;
  },
);
