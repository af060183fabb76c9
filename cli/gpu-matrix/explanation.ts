import {
  type Cell,
  HOST_IMAGES,
  type HostClass,
  hostClass,
  judgeCell,
  type Judgement,
  readCell,
  type Reason,
} from '../../constructs/gpu-compatibility';
import { LockstepError } from '../../contract';
import type { Paint } from '../local-command';
import { verdictText } from './cells';
import { sourceText, type Table, textTable } from './table';

/** One combination with all that is known of it. */
export interface Explanation {
  readonly cell: Required<Cell>;
  readonly judgement: Judgement;
  /** What a run on a host of each image would show of it. */
  readonly hosts: readonly { readonly image: string; readonly driver: string; readonly shows: HostClass }[];
}

export function explain(asked: Cell): Explanation {
  const { cuda, driver, pytorch, gpu } = readCell(asked);
  const cell = { cuda: cuda.text, driver: driver.text, pytorch: pytorch.text, gpu };
  return {
    cell,
    judgement: judgeCell(cell),
    hosts: HOST_IMAGES.map((image) => ({
      image: image.name,
      driver: image.driver,
      shows: hostClass(cell, image.driver),
    })),
  };
}

/** @throws LockstepError `InvalidArgument` for another form than `<cuda>/<driver>/<pytorch>` */
export function readCombination(text: string): Pick<Cell, 'cuda' | 'driver' | 'pytorch'> {
  const [cuda, driver, pytorch, ...more] = text.split('/');
  if (cuda === undefined || driver === undefined || pytorch === undefined || more.length > 0) {
    throw new LockstepError('InvalidArgument', {
      place: '--explain',
      value: JSON.stringify(text),
      allowed: '<cuda>/<driver>/<pytorch>',
      change: 'name one combination, such as 12.1.1/535.54.03/2.4.0',
    });
  }
  return { cuda, driver, pytorch };
}

/** The tables of an explanation: its reasons or notes, then the hosts. */
export const explanationTables = ({ judgement, hosts }: Explanation): readonly Table[] => [
  ...reasonTables(judgement),
  {
    title: 'Hosts',
    caption: 'tested counts only where the driver of the host is the one of the combination',
    head: ['image', 'driver', 'a run there shows'],
    rows: hosts.map(({ image, driver, shows }) => [image, driver, shows]),
  },
];

function reasonTables(judgement: Judgement): readonly Table[] {
  const rows = saidOf(judgement).map(({ rule, text, source }) => [rule, text, sourceText(source)]);
  const title = judgement.verdict === 'supported' ? 'Notes' : 'Because';
  return rows.length === 0 ? [] : [{ title, head: ['rule', 'what', 'source'], rows }];
}

const saidOf = (judgement: Judgement): readonly Reason[] =>
  judgement.verdict === 'supported' ? judgement.notes : judgement.because;

/** `CUDA 12.1.1, driver 535.54.03, PyTorch 2.4.0 on T4: supported (packaged)`. */
export const headline = ({ cell: { cuda, driver, pytorch, gpu }, judgement }: Explanation): string =>
  `CUDA ${cuda}, driver ${driver}, PyTorch ${pytorch} on ${gpu}: ${judgement.verdict} (${verdictText(judgement).text})`;

export const renderExplanation = (explanation: Explanation, paint: Paint): string =>
  [
    `\n${paint.bold(headline(explanation))}\n`,
    ...explanationTables(explanation).map((table) => textTable(table, paint)),
    '\n',
  ].join('');
