import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import type { Checked } from '../calls/text';
import { documentsOf } from './document';
import { placeOfNode, wrongAt } from './place';
import { nodesOf, type NodeSpec } from './spec';

/** Seconds that a rollout takes at least, beside the watch of its strategy. */
const SHORTEST_ROLLOUT = 300;

/**
 * How long a node may take, as the manifest says it twice: for the jobs, and for the deployer. The script must end before
 * the command gives up, for nothing else brings the node back, and the document must take the seconds that it is given.
 */
export function nodeTimes(artefacts: Artefacts): Checked {
  const nodes = nodesOf(artefacts.manifest);
  const documents = documentsOf(artefacts);
  return {
    checked: nodes.length + documents.length,
    findings: [
      ...nodes.flatMap((node) => {
        const { deployTimeoutMinutes: minutes } = node.target;
        const { deadlineSeconds } = node.spec;
        const watched = watchedSeconds(node.spec);
        return wrongAt(
          `${placeOfNode(node)} spec.deadlineSeconds`,
          'run `npx projen`, so that the manifest follows the platform file',
          [
            ...(deadlineSeconds === minutes * 60
              ? []
              : [[String(deadlineSeconds), `${minutes * 60}, as deployTimeoutMinutes says`] as const]),
            ...(deadlineSeconds - watched >= SHORTEST_ROLLOUT
              ? []
              : [
                  [
                    `${deadlineSeconds}, of which the strategy watches ${watched}`,
                    `at least ${SHORTEST_ROLLOUT} more than it watches, for the rollout itself`,
                    'raise rollout.timeout, or watch shorter',
                  ] as const,
                ]),
          ],
        );
      }),
      ...documents.flatMap(({ node, resource, parameters, steps }): readonly Fault[] => {
        const [step] = steps;
        const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(String(step?.inputs.timeoutSeconds))?.[1];
        const parameter = parameters.find((one) => one.name === name);
        const takes = takesSeconds(parameter?.allowedPattern, node.spec.deadlineSeconds);
        const literal = Number(step?.inputs.timeoutSeconds) >= node.spec.deadlineSeconds;
        return wrongAt(
          `${resource.path}, timeoutSeconds`,
          'let the document run as long as the deployer waits',
          [
            ...(takes || literal
              ? []
              : [
                  [
                    `timeoutSeconds: ${String(step?.inputs.timeoutSeconds ?? 'not given')}`,
                    `a parameter that takes ${node.spec.deadlineSeconds}, or at least as many seconds; AWS stops a script after an hour otherwise`,
                  ] as const,
                ]),
          ],
        );
      }),
    ],
  };
}

/** How long a deployment is watched besides. */
export function watchedSeconds({ strategy }: NodeSpec): number {
  switch (strategy.kind) {
    case 'rolling':
      return 0;
    case 'blueGreen':
      return strategy.bakeSeconds;
    case 'canary':
      return strategy.steps.length * strategy.stepSeconds;
  }
}

const takesSeconds = (pattern: unknown, seconds: number): boolean =>
  typeof pattern === 'string' && new RegExp(pattern).test(String(seconds));
