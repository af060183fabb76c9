import type { Artefacts } from '../artefacts';
import type { Checked } from '../calls/text';
import { type Combination, combinationsOf, matrixOf } from '../flow/matrix';
import { placeOf } from '../flow/place';
import { unless, type Wrong, wrongAt } from '../wrong';
import { AXES, type CheckJob, checkJobs, RUN } from './jobs';
import { placeOfCheck } from './spec';

/** Combinations that a finding lists before it counts. */
const LISTED = 4;

/**
 * The combinations that a check runs are those of the manifest: each once, and none that the tables leave out. Compared
 * are the combinations that come out of it, whatever way they are written.
 */
export function matrixFaults(artefacts: Artefacts): Checked {
  const jobs = checkJobs(artefacts, RUN);
  const { gpuChecks } = artefacts.manifest;
  const empty = gpuChecks.filter((entry) => combinationsOf(matrixOfEntry(entry)).length === 0);
  return {
    checked: gpuChecks.length + jobs.length * AXES.length,
    findings: [
      ...empty.flatMap((entry) =>
        wrongAt(placeOfCheck(entry), 'choose versions of which some go together', [
          ['a matrix of which everything is left out', 'at least one combination'],
        ]),
      ),
      ...jobs.flatMap((one) =>
        wrongAt(placeOf(one.workflow, one.job), 'run `npx projen` to write the workflows anew', wrongIn(one)),
      ),
    ],
  };
}

const matrixOfEntry = ({ matrix: { exclude, ...axes } }: CheckJob['entry']) => ({
  axes,
  exclude: exclude.map(({ because: _because, ...values }) => values),
});

function wrongIn({ entry, job }: CheckJob): readonly Wrong[] {
  const matrix = matrixOf(job);
  if (!matrix) return [['no matrix', `${AXES.join(', ')} of the manifest`]];
  const wanted = combinationsOf(matrixOfEntry(entry)).map(said);
  const runs = combinationsOf(matrix).map(said);
  const twice = runs.filter((one, index) => runs.indexOf(one) < index);
  const more = runs.filter((one) => !wanted.includes(one));
  const fewer = wanted.filter((one) => !runs.includes(one));
  return [
    ...unless(
      matrix.unread.length === 0,
      `${matrix.unread.join(', ')} in the matrix`,
      `${AXES.join(', ')} as lists, and \`exclude\``,
    ),
    ...unless(more.length === 0, `${listed(more)}, which the manifest leaves out`, 'what the manifest has'),
    ...unless(fewer.length === 0, `not ${listed(fewer)}, which the manifest has`, 'what the manifest has'),
    ...unless(twice.length === 0, `${listed(twice)} twice`, 'each combination once'),
  ];
}

const said = (one: Combination): string =>
  Object.entries(one)
    .sort()
    .map(([name, value]) => `${name} ${value}`)
    .join(' ');

const listed = (all: readonly string[]): string =>
  all.length > LISTED ? `${all.slice(0, LISTED).join('; ')} and ${all.length - LISTED} more` : all.join('; ');
