import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { isAt } from '../../place';
import { ApiFault, page, stringOf } from '../../service';
import { describedDefinition } from '../describe-task';
import { definitionIn } from '../lookup';
import { onAnything, onFamily } from '../questions';
import { register } from '../task-definitions';
import { type MomentOf, operations, PAGED } from './operation';

const LIST_PAGE = 100;
const INACTIVE =
  'The specified task definition is inactive. You can only deregister active task definitions.';

export const taskDefinitionOperations = (moment: MomentOf) =>
  operations(moment, {
    RegisterTaskDefinition: {
      ask: onFamily,
      handle: (now, input, call) => {
        const containers = input.containerDefinitions;
        if (!Array.isArray(containers) || containers.length === 0) {
          throw new ApiFault('ClientException', 'Container list cannot be empty.');
        }
        // The server has checked the input against the SDK's schema of this request.
        const content = { ...input, family: stringOf(input, 'family') } as RegisterTaskDefinitionRequest;
        return { taskDefinition: describedDefinition(register(now, call, content, call.caller?.arn)) };
      },
    },
    DescribeTaskDefinition: {
      ask: onAnything('ecs:DescribeTaskDefinition'),
      members: ['taskDefinition'],
      handle: (now, input, call) => ({
        taskDefinition: describedDefinition(definitionIn(now, call, stringOf(input, 'taskDefinition'))),
        tags: [],
      }),
    },
    DeregisterTaskDefinition: {
      ask: onAnything('ecs:DeregisterTaskDefinition'),
      members: ['taskDefinition'],
      handle: (now, input, call) => {
        const name = stringOf(input, 'taskDefinition');
        if (!/:\d+$/.test(name)) throw new ApiFault('InvalidParameterException', 'A revision must be named.');
        const definition = definitionIn(now, call, name);
        if (definition.status === 'INACTIVE') throw new ApiFault('ClientException', INACTIVE);
        Object.assign(definition, { status: 'INACTIVE', deregisteredAt: now.now });
        return { taskDefinition: describedDefinition(definition) };
      },
    },
    ListTaskDefinitions: {
      ask: onAnything('ecs:ListTaskDefinitions'),
      members: ['status', 'familyPrefix', 'sort', ...PAGED],
      handle: ({ state }, input, call) => {
        const status = input.status ?? 'ACTIVE';
        const family = input.familyPrefix;
        const matching = state.taskDefinitions.filter(
          (each) =>
            isAt(each, call) && each.status === status && (family === undefined || each.family === family),
        );
        const { items, ...token } = page(
          input,
          input.sort === 'DESC' ? [...matching].reverse() : matching,
          LIST_PAGE,
        );
        return { ...token, taskDefinitionArns: items.map(({ arn }) => arn) };
      },
    },
  });
