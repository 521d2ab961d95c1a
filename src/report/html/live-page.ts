/**
 * A page that follows a run: a line of figures each second, and the report, reloaded every few seconds.
 *
 * The new report is loaded out of sight and takes the place of the old one when it is there, at the
 * same height.
 */
export const livePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fraudstream, live</title>
<style>
  :root { color-scheme: light dark; font: 15px system-ui, sans-serif }
  body { margin: 0; display: flex; flex-direction: column; height: 100vh }
  header { padding: .6rem 1rem; border-bottom: 1px solid #8886; display: flex; gap: 1rem; flex-wrap: wrap }
  #line { font-variant-numeric: tabular-nums }
  main { position: relative; flex: 1 }
  iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0 }
  iframe.next { visibility: hidden }
  [data-over=passed] header { border-bottom: 3px solid #0c7c61 }
  [data-over=failed] header { border-bottom: 3px solid #a8121d }
</style>
<header><strong id="state">running</strong><span id="line" role="status" aria-live="off"></span></header>
<main><iframe title="report" src="/report.html"></iframe></main>
<script>
  const line = document.getElementById('line');
  const state = document.getElementById('state');
  const main = document.querySelector('main');
  function reload() {
    const old = main.querySelector('iframe');
    const next = document.createElement('iframe');
    next.title = 'report';
    next.className = 'next';
    next.src = '/report.html';
    next.onload = () => {
      next.contentWindow.scrollTo(0, old.contentWindow.scrollY);
      next.className = '';
      old.remove();
    };
    main.append(next);
  }
  const timer = setInterval(reload, 5000);
  const events = new EventSource('/events');
  events.onmessage = ({ data }) => { line.textContent = data };
  const over = (text) => {
    state.textContent = 'over';
    line.textContent = text;
    document.title = text + ' · fraudstream';
    document.body.dataset.over = text.startsWith('Passed') ? 'passed' : 'failed';
    clearInterval(timer);
    events.close();
  };
  events.addEventListener('end', ({ data }) => { over(data); reload() });
  events.onerror = () => over('The run has ended, or this page has lost it');
</script>
</html>
`;
