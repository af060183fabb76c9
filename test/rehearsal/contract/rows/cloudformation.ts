import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { RESOURCES } from '../tested-account';
import type { ContractRow } from '../row';

export const CLOUDFORMATION: readonly ContractRow[] = [
  {
    operation: 'GetTemplate',
    call: async ({ cloudformation }) => {
      const { TemplateBody = '', ...rest } = await cloudformation.send(
        new GetTemplateCommand({ StackName: 'tested' }),
      );
      return { ...rest, template: JSON.parse(TemplateBody) as object };
    },
    answer: {
      template: { Resources: { Group: RESOURCES.Group } },
      StagesAvailable: ['Original', 'Processed'],
    },
  },
];
