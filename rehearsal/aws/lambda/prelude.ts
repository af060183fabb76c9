/**
 * What inline code of a function finds besides the language: time that is virtual, and requests that the emulated load
 * balancer answers. Everything that is awaited is made inside of the context, so that its microtasks run there.
 *
 * `host` gives `now`, `after`, `cancel`, `request`, `log` and `environment`.
 */
export const PRELUDE = String.raw`
const { process, require } = (() => {
  const { host } = globalThis;
  delete globalThis.host;
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(host.now());
      else super(...given);
    }
    static now() {
      return host.now();
    }
  };
  globalThis.performance = { now: () => host.now() };
  globalThis.setTimeout = (go, ms = 0, ...given) => host.after(Number(ms), () => go(...given));
  globalThis.clearTimeout = (timer) => host.cancel(timer);
  const log = (...given) => host.log(given.map(String).join(' '));
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };

  class AbortSignal {
    aborted = false;
    listeners = [];
    addEventListener(_, listener) {
      this.listeners.push(listener);
    }
    abort(reason) {
      if (this.aborted) return;
      Object.assign(this, { aborted: true, reason });
      for (const listener of this.listeners) listener();
    }
    static timeout(ms) {
      const signal = new AbortSignal();
      const message = 'The operation was aborted due to timeout';
      setTimeout(() => signal.abort(Object.assign(new Error(message), { name: 'TimeoutError' })), ms);
      return signal;
    }
  }
  globalThis.AbortSignal = AbortSignal;

  globalThis.fetch = (url, { signal } = {}) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      host.request(
        String(url),
        (status) => resolve({ status, ok: status >= 200 && status < 300 }),
        (text) => reject(Object.assign(new TypeError('fetch failed'), { cause: new Error(text) })),
      );
    });

  const required = (name) => {
    throw new Error("Cannot find module '" + name + "': the rehearsal does not have it");
  };
  return { process: { env: host.environment }, require: required };
})();
`;
