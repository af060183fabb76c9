import { HUB_HOST } from '../docker-hub';
import { ActionFailure } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import { endpointOf } from './aws-client';
import { type ActionDefinition, notRehearsed } from './definition';
import { forgetLogin, keepLogin } from './docker-config';
import { loopbackRequest } from './loopback-request';

const ACTION = 'docker/login-action';

/** @see https://github.com/docker/login-action#docker-hub */
export const dockerLogin: ActionDefinition = {
  action: ACTION,
  limits: 'Docker Hub only, with an account and its access token.',
  seconds: 2,
  defaults: { ecr: 'auto', logout: 'true' },
  supports: ['registry', 'username', 'password', 'logout'],
  act: async (step, inputs) => {
    const registry = inputs.text('registry') || HUB_HOST;
    if (registry !== HUB_HOST) throw notRehearsed(ACTION, `the registry ${registry}`);
    const [username, password] = [inputs.text('username'), inputs.text('password')];
    if (username === '' || password === '') throw new ActionFailure('Username and password required');
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    step.log('Logging into docker.io...');
    const answer = await loopbackRequest(`${endpointOf(step, 'ECR')}/v2/${HUB_HOST}/`, {
      headers: { authorization: `Basic ${auth}` },
    }).catch((error: unknown) => {
      throw new ActionFailure(messageOf(error));
    });
    if (answer.status !== 200) {
      throw new ActionFailure(
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
      );
    }
    keepLogin(step, HUB_HOST, auth);
    step.mask(auth);
    step.log('Login Succeeded!');
    if (inputs.flag('logout')) step.atEnd(() => forgetLogin(step, HUB_HOST));
  },
};
