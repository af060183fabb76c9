'use strict';

// Asks a service through its load balancer, as its clients do. ECS calls it once the test listener leads to the new
// tasks, with the stage of the deployment; the pipeline once a deployment has ended, with `{"listener":"production"}`.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html

exports.handler = async (event) => {
  const { PRODUCTION_URL, TEST_URL } = process.env;
  if (event.lifecycleStage !== undefined) {
    const { passed } = await ask(TEST_URL);
    return { hookStatus: passed ? 'SUCCEEDED' : 'FAILED' };
  }
  if (event.listener === 'production') return ask(PRODUCTION_URL);
  throw new TypeError('the event names neither a stage of a deployment nor the listener "production"');
};

// The first requests of new tasks may be slow: one good answer in time is enough.
async function ask(url) {
  const { TRIES, PAUSE_MS } = process.env;
  for (let left = Number(TRIES); ; left -= 1) {
    const answer = await askOnce(url);
    // ECS does not show what a hook found: whoever looks for a cause reads it here.
    console.log(JSON.stringify({ url, ...answer }));
    if (answer.passed || left <= 1) return answer;
    await new Promise((resolve) => setTimeout(resolve, Number(PAUSE_MS)));
  }
}

async function askOnce(url) {
  const [expected, budget] = [Number(process.env.EXPECTED_STATUS), Number(process.env.LATENCY_MS)];
  const started = Date.now();
  try {
    // A redirect is an answer, not a way to another one.
    const { status } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(budget) });
    const milliseconds = Date.now() - started;
    const passed = status === expected && milliseconds <= budget;
    const wanted = passed ? '' : `; wanted ${expected} within ${budget} ms`;
    return { passed, status, milliseconds, detail: `${status} after ${milliseconds} ms${wanted}` };
  } catch (error) {
    const why = error.name === 'TimeoutError' ? 'too late' : String(error.cause?.code ?? error.message);
    return { passed: false, detail: `no answer within ${budget} ms: ${why}` };
  }
}
