import type { Fault } from '../../contract';
import { outputOfStep } from '../flow/output-reference';
import { placeOf } from '../flow/place';
import { writtenOption } from '../flow/written-option';
import { unless, wrongAt } from '../wrong';
import { buildStepsOf } from './build';
import { AXES, type CheckJob } from './jobs';

/** What the command is told: the versions of its own combination, and the image that the same job has built of them. */
export function commandFaultsOf({ entry, workflow, job, use }: CheckJob): readonly Fault[] {
  const written = (name: string): string => writtenOption(workflow, job, use, name) ?? 'nothing';
  const image = written('image');
  const [uri = '', reference = ''] = image.split(/@(.*)/s);
  const { id, output } = outputOfStep(reference) ?? {};
  const build = buildStepsOf(job).find((step) => step.id !== undefined && step.id === id);
  const optional = [...AXES, 'image', 'instance-type', 'output'].filter((name) =>
    use.optional.includes(name),
  );
  return wrongAt(placeOf(workflow, job, use.step), 'run `npx projen` to write the workflows anew', [
    ...AXES.flatMap((axis) =>
      unless(
        isOf(axis, written(axis)),
        `--${axis} ${written(axis)}`,
        `\${{ matrix.${axis} }}, of which the image is built`,
      ),
    ),
    ...unless(
      uri === entry.image.repository.uri && output === 'digest' && build !== undefined,
      `--image ${image}`,
      `${entry.image.repository.uri}@ and the digest of the build of this job`,
    ),
    ...unless(
      optional.length === 0,
      `${optional.join(', ')} where it is not empty`,
      'options that are always given',
    ),
  ]);
}

const isOf = (axis: string, text: string): boolean =>
  new RegExp(`^\\$\\{\\{\\s*matrix\\.${axis}\\s*\\}\\}$`).test(text);
