// The CloudFormation rules cost two seconds in each process; test/lib/validation.test.ts runs them once.
process.env.CDK_VALIDATION = 'false';
// Nothing in the tests may reach AWS, whatever the developer's shell is signed in to.
process.env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
process.env.NO_COLOR = '1';
