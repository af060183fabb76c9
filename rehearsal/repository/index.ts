export { GitHistory } from './git-history';
export { checkOut, overlay, type RepositorySnapshot, takeSnapshot } from './snapshot';
export { coneOf, namedBy, unsupportedPattern } from './sparse';
