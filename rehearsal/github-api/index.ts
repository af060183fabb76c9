export { GithubApi } from './github-api';
export { GITHUB_API_HOST, githubApiUrl, githubHandler } from './handler';
