import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import type { ProofResult } from '../proof';
import { type DocumentStep, documentsOf, type NodeDocument } from './document';
import { type Wrong, wrongAt } from './place';
import { NODE_SCRIPT, partsOfScript, scriptDifference } from './reviewed-scripts';

/** Systems Manager leaves a step out, without a word, where the machine is another one. */
const PRECONDITION = { StringEquals: ['platformType', 'Linux'] };
/** The action that runs a script on Linux. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html */
const ACTION = 'aws:runShellScript';

/**
 * The document runs the one script that was reviewed, behind constants, and nothing else: whoever may send it can do on
 * the node what was reviewed.
 */
export function documentScriptFaults(artefacts: Artefacts): ProofResult {
  const documents = documentsOf(artefacts);
  return {
    checked: documents.length * 5,
    findings: documents.flatMap(faultsOf),
  };
}

function faultsOf({ resource, schemaVersion, steps }: NodeDocument): readonly Fault[] {
  const { DocumentType: type, UpdateMethod: update, Attachments: attachments } = resource.properties;
  const [step, ...others] = steps;
  const wrong: readonly Wrong[] = [
    ...(type === 'Command' ? [] : [[`DocumentType ${String(type)}`, 'Command'] as const]),
    ...(schemaVersion === '2.2' ? [] : [[`schemaVersion ${String(schemaVersion)}`, '2.2'] as const]),
    ...(update === 'NewVersion'
      ? []
      : [
          [
            `UpdateMethod ${String(update ?? 'Replace')}`,
            'NewVersion: a document with a name of its own cannot be replaced by another one of that name',
          ] as const,
        ]),
    ...(attachments === undefined ? [] : [['attachments', 'the script alone'] as const]),
    ...(step && others.length === 0 && step.action === ACTION
      ? []
      : [[`steps: ${steps.map(({ action }) => String(action)).join(', ')}`, `${ACTION}, once`] as const]),
    ...(step ? stepFaults(step) : []),
  ];
  return wrongAt(`${resource.path}, Content`, `run ${NODE_SCRIPT} and nothing else`, wrong);
}

function stepFaults({ script, precondition }: DocumentStep): readonly Wrong[] {
  const difference = script === undefined ? undefined : scriptDifference(script, NODE_SCRIPT);
  return [
    ...(JSON.stringify(precondition) === JSON.stringify(PRECONDITION)
      ? []
      : [
          [
            `precondition ${JSON.stringify(precondition ?? null)}`,
            `${JSON.stringify(PRECONDITION)}, as the node is`,
          ] as const,
        ]),
    ...(script === undefined
      ? [['a script that the template does not tell', `the text of ${NODE_SCRIPT}`] as const]
      : []),
    ...(difference ? [difference] : []),
  ];
}

/** The constants of a document's script, by their names. */
export const constantsOf = ({ steps }: NodeDocument): ReadonlyMap<string, string> =>
  partsOfScript(steps[0]?.script ?? '', NODE_SCRIPT).constants;
