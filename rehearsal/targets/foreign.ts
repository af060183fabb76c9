/** Tag of an image that somebody else pushed and deploys. */
export const FOREIGN_TAG = 'foreign';
