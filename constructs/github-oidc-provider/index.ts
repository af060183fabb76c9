export * from './github-oidc-provider';
