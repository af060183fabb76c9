import type { Fault, TargetEntry } from '../../contract';
import type { Artefacts } from '../artefacts';
import { placeOfPostbox } from './names';

/** What is wrong with the calls that a postbox declares. */
interface PostboxCallFaults {
  readonly checked: number;
  readonly missing: readonly Fault[];
  readonly beyond: readonly Fault[];
}

/**
 * Who sends mail publishes to the one topic, and asks AWS for nothing else: the key that AWS manages for topics lets
 * everybody in who may publish.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const PUBLISH = 'sns:Publish';

export function postboxCallFaults({ manifest }: Artefacts): PostboxCallFaults {
  const parts = manifest.targets.map(ofTarget);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

function ofTarget(target: TargetEntry): PostboxCallFaults {
  const { postbox } = target;
  if (!postbox) return { checked: 0, missing: [], beyond: [] };
  const place = `${placeOfPostbox(target)} calls`;
  const wanted = `${PUBLISH} on ${postbox.topicArn}`;
  const declared = postbox.calls.flatMap(({ action, resources }) =>
    resources.map((resource) => `${action} on ${resource}`),
  );
  const fault = (value: string, change: string): Fault => ({ place, value, allowed: wanted, change });
  return {
    checked: 1 + declared.length,
    missing: declared.includes(wanted) ? [] : [fault(`no ${wanted}`, 'declare the call')],
    beyond: declared
      .filter((call) => call !== wanted)
      .map((call) => fault(call, 'remove the call: nobody makes it')),
  };
}
