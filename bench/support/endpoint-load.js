/** A thread that keeps connections busy for a time, and says how many requests came back with 200. */
import { parentPort, workerData } from 'node:worker_threads';
import { Pool } from 'undici';

const { url, body, connections, ms } = workerData;
const { origin, pathname: path } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1 });
const headers = ['content-type', 'text/csv'];
const endsAt = performance.now() + ms;
let answered = 0;

await Promise.all(Array.from({ length: connections }, keepBusy));
await pool.close();
parentPort.postMessage(answered);

function keepBusy() {
  return new Promise((resolve, reject) => {
    const next = () => {
      if (performance.now() >= endsAt) resolve();
      else pool.dispatch({ path, method: 'POST', headers, body }, handler);
    };
    const handler = {
      onConnect() {},
      onHeaders(status) {
        if (status !== 200) reject(new Error(`answered ${status}`));
        return true;
      },
      onData: () => true,
      onComplete() {
        answered += 1;
        next();
      },
      onError: reject,
    };
    next();
  });
}
