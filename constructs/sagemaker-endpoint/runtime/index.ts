export { createDeployer } from './deployer';
