import type { EcrImage } from '../../contract';
import type { UsesStep } from '../plan/model';
import { usesStep } from './uses';

/** Lets docker and the scanner reach the image repository with the session of the job. */
export function registryLogin(image: EcrImage): UsesStep {
  return usesStep({
    name: 'Log in to the image registry',
    uses: 'aws-actions/amazon-ecr-login',
    with: { registries: image.repository.account },
    image,
  });
}
