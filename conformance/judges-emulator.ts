import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolation } from '../rehearsal/programs';
import { play } from './aws-cli/play';
import { openStage } from './aws-cli/stage';
import { transcriptSchema } from './aws-cli/transcript';
import type { Bench, Judge } from './judge';

/**
 * The CLI was written by AWS, for AWS: what it cannot read, or reads otherwise than expected, is a fault of the
 * emulator.
 *
 * @see https://docs.aws.amazon.com/cli/v1/userguide/cli-chap-using.html
 */
const awsCli: Judge = {
  name: 'AWS CLI',
  part: 'aws',
  reads: (subjects) => subjects.transcripts,
  judge: async (files, bench) => {
    const findings: string[] = [];
    for (const file of files) {
      const found = await playFile(join(bench.root, file), bench);
      findings.push(...found.map((finding) => `${file} ${finding}`));
    }
    return findings;
  },
};

export const EMULATOR_JUDGES: readonly Judge[] = [awsCli];

async function playFile(file: string, bench: Bench): Promise<readonly string[]> {
  const transcript = transcriptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  // The CLI keeps sessions under its home, where a later run would find them.
  const home = mkdtempSync(join(bench.home, 'aws-cli-'));
  const cwd = join(home, 'work');
  mkdirSync(cwd);
  for (const [name, content] of Object.entries(transcript.files)) writeFileSync(join(cwd, name), content);
  const stage = await openStage(transcript);
  const env = isolation({
    HOME: home,
    AWS_ENDPOINT_URL: stage.endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_DEFAULT_OUTPUT: 'json',
    // A second attempt could hide that the first was answered wrongly.
    AWS_MAX_ATTEMPTS: '1',
  });
  try {
    return await play(transcript, stage, (args, session) =>
      bench.run('aws', args, { cwd, env: { ...env, ...session }, inherits: false }),
    );
  } finally {
    await stage.close();
    rmSync(home, { recursive: true });
  }
}
