export { DockerHub } from './docker-hub';
export { hubHandler, isHubPath } from './hub-handler';
export { HUB_HOST, isHubImage, secretValue } from './names';
