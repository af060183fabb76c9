import { editWorkflow, type Mutation } from '../sample';
import { DEPLOY, ROLLBACK } from './workflow-names';

function trigger(name: string, from: string | RegExp, to: string, file = DEPLOY): Mutation {
  return {
    name,
    owner: 'P08',
    place: new RegExp(`${file.replace('.', '\\.')}:\\d+$`),
    apply: (sample) => editWorkflow(sample, file, from, to),
  };
}

const extra = (name: string, event: string, file = DEPLOY): Mutation =>
  trigger(name, '  workflow_dispatch:\n', `${event}\n  workflow_dispatch:\n`, file);

/** Deliveries that start when nobody was promised one, or do not start when somebody was. */
export const TRIGGER_MUTATIONS: readonly Mutation[] = [
  extra('a delivery by the clock', '  schedule:\n    - cron: "0 5 * * *"'),
  extra('a delivery after another workflow', '  workflow_run:\n    workflows: [ci]\n    types: [completed]'),
  extra('a delivery that strangers start', '  pull_request_target:'),
  extra('a delivery that a program starts', '  repository_dispatch:\n    types: [deliver]'),
  extra('a rollback by the clock', '  schedule:\n    - cron: "0 5 * * *"', ROLLBACK),
  trigger(
    'sources whose change is ignored',
    '    paths:\n',
    '    paths-ignore:\n      - services/kvs-infer/src/**\n    paths:\n',
  ),
  trigger(
    'a branch that is ignored',
    '    branches:\n      - main\n',
    '    branches-ignore:\n      - develop\n',
  ),
  trigger(
    'sources that a pattern takes out again',
    '      - platform.config.ts\n',
    "      - platform.config.ts\n      - '!services/kvs-infer/src/**'\n",
  ),
  trigger('releases that a pattern takes out again', '      - v*\n', "      - v*\n      - '!v2*'\n"),
];
