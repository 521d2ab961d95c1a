// An HTTP endpoint that answers 0.25 for each row, immediately or after as many ms as its first argument says. It answers nothing
// in the first ms of each second, as many as its second argument says.
import { createServer } from 'node:net';

const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\nconnection: keep-alive\r\ncontent-length: ';
const latencyMs = Number(process.argv[2] ?? 0);
const stallMs = Number(process.argv[3] ?? 0);
const answers = new Map();

function answerOf(rows) {
  let answer = answers.get(rows);
  if (!answer) {
    const body = '0.25\n'.repeat(rows);
    answer = Buffer.from(`${HEAD}${body.length}\r\n\r\n${body}`);
    answers.set(rows, answer);
  }
  return answer;
}

/** Where the first request ends, and how many rows it has; undefined when it is not whole yet. */
function request(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  if (bytes.length < end) return undefined;
  let rows = 1;
  for (let at = bytes.indexOf(10, headEnd + 4); at >= 0 && at < end; at = bytes.indexOf(10, at + 1))
    rows += 1;
  return { end, rows };
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let found = request(rest); found; found = request(rest)) {
      const answer = answerOf(found.rows);
      const waitMs = latencyMs + Math.max(0, stallMs - (performance.now() % 1000));
      if (latencyMs > 0 || stallMs > 0) setTimeout(() => socket.write(answer), waitMs);
      else socket.write(answer);
      rest = rest.subarray(found.end);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.([server.address().port]));
process.on('disconnect', () => process.exit());
