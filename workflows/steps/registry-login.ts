import type { UsesStep } from '../plan/model';
import type { EcrRepository } from './action-calls';
import { usesStep } from './uses';

/** Lets docker and the scanner reach the image repository with the session of the job. */
export function registryLogin(image: EcrRepository): UsesStep {
  return usesStep({
    name: 'Log in to the image registry',
    uses: 'aws-actions/amazon-ecr-login',
    with: { registries: image.repository.account },
    image,
  });
}
