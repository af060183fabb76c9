// The CloudFormation rules cost two seconds in each process; test/lib/validation.test.ts runs them once.
process.env.CDK_VALIDATION = 'false';
// Nothing in the tests may reach AWS, whatever the developer's shell is signed in to.
process.env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
process.env.NO_COLOR = '1';
// The SDK warns of Node.js versions that later SDKs drop; the pinned one never changes.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
