import { ActionFailure } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import { type ActionDefinition, notRehearsed } from './definition';
import { forgetLogin, keepLogin } from './docker-config';
import { ecrLogins } from './ecr-token';

const ACTION = 'aws-actions/amazon-ecr-login';

/** @see https://github.com/aws-actions/amazon-ecr-login#login-to-amazon-ecr-private */
export const amazonEcrLogin: ActionDefinition = {
  action: ACTION,
  limits: 'Private registries only. Asks ECR for a token and keeps it; the registry itself is not spoken to.',
  seconds: 2,
  defaults: { 'registry-type': 'private', 'skip-logout': 'false', 'mask-password': 'true' },
  supports: ['registries', 'registry-type', 'skip-logout', 'mask-password'],
  act: async (step, inputs) => {
    const type = inputs.text('registry-type');
    if (type === 'public') throw notRehearsed(ACTION, 'public registries');
    if (type !== 'private') {
      throw new ActionFailure(`Invalid input for 'registry-type', possible options are [private, public]`);
    }
    const logins = await ecrLogins(step, inputs.list('registries')).catch((error: unknown) => {
      throw new ActionFailure(messageOf(error));
    });
    for (const { registry, auth } of logins) {
      step.log(`Logging into registry ${registry}`);
      step.mask(auth);
      if (inputs.flag('mask-password')) step.mask(passwordOf(auth));
      keepLogin(step, registry, auth);
    }
    const [only] = logins;
    if (only !== undefined && logins.length === 1) step.output('registry', only.registry);
    if (inputs.flag('skip-logout')) return;
    step.atEnd(() => logins.forEach(({ registry }) => forgetLogin(step, registry)));
  },
};

const passwordOf = (auth: string): string =>
  Buffer.from(auth, 'base64').toString('utf8').split(':').slice(1).join(':');
