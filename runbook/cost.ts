import { INSTANCE_PRICES } from '../constructs/gpu-compatibility';
import { billed } from './billed';
import { code, list, section, table } from './markdown';
import type { RunbookStack } from './source';
import type { Subject } from './subject';

const PRICED_REGION = 'us-east-1';

/** What is paid for, by stack, and what drives it. */
export function cost(subject: Subject): string {
  const { stacks, places, kind } = subject;
  const rows = stacks.flatMap((stack) =>
    billed(stack.template).map(({ what, driver, page }) => [
      code(stack.name),
      what,
      driver,
      `[prices](${page})`,
    ]),
  );
  const besides = places.flatMap(({ target, environment }) =>
    kind.cost(target).map(({ what, page }) => `${code(environment.name)}: ${what} ([prices](${page}))`),
  );
  return section(
    '## Cost',
    'What AWS bills of these stacks, and what makes it more. Networks are shared by the workloads of an environment and region.',
    table(['Stack', 'What', 'Driven by', ''], rows),
    list(besides),
    prices(stacks),
    'What was spent: Cost Explorer of each account, by service and by the tag of the stack. Minutes of GitHub Actions are billed apart: ' +
      '[prices](https://docs.github.com/en/billing/concepts/product-billing/github-actions).',
  );
}

/** Of instances that the project has reviewed prices for. */
function prices(stacks: readonly RunbookStack[]): string {
  const named = JSON.stringify(
    stacks.filter(({ region }) => region === PRICED_REGION).map(({ template }) => template),
  );
  const found = INSTANCE_PRICES.filter(({ type }) => named.includes(`"${type}"`));
  return table(
    ['Instance', 'GPUs', `USD an hour, on demand, Linux, ${PRICED_REGION}`, 'Read'],
    found.map(({ type, gpus, usdPerHour, source }) => [
      code(type),
      String(gpus),
      String(usdPerHour),
      `[source](${source.url})`,
    ]),
  );
}
