// What the page asks the daemon, and when.

/** Since when, in milliseconds, or false. */
export let paused = false;

export function turnPause() {
  paused = paused ? false : Date.now();
}

/** Asks again and again, one request at a time, while the page is seen and not paused. */
export class Poll {
  constructor(seconds, url, take, fail, held = () => paused) {
    Object.assign(this, {seconds, url, take, fail, held, busy: false, again: false, timer: 0});
  }

  /** Asks now, or as soon as the request under way has ended. */
  async run() {
    clearTimeout(this.timer);
    this.again = this.busy;
    if (this.busy || this.held() || document.visibilityState === 'hidden') return;
    const url = this.url();
    if (!url) return;
    this.busy = true;
    const begun = performance.now();
    try {
      const answer = await ask(url);
      if (!this.held() && url === this.url()) this.take(answer);
    } catch (problem) {
      this.fail(problem);
    } finally {
      this.busy = false;
      const left = this.seconds * 1000 - (performance.now() - begun);
      this.timer = setTimeout(() => this.run(), this.again ? 0 : Math.max(100, left));
    }
  }
}

export async function ask(url) {
  const response = await fetch(url, {signal: AbortSignal.timeout(4000), cache: 'no-store'});
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  throw new Error(said.error ?? `it answered ${response.status}`);
}

export function said(problem) {
  return problem.name === 'TimeoutError' ? 'no answer within 4 s' : problem instanceof TypeError ? 'no connection' : problem.message;
}
