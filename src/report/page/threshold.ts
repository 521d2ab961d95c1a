/** Counts at a threshold, from the binned scores. */
interface Matrix {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

function matrixAt({ rows, bins, unscored }: ScoreBins, threshold: number): Matrix {
  const from = Math.round(threshold * bins);
  let [tp, fp, fn, tn] = [0, 0, unscored.frauds, unscored.genuine];
  for (const [bin, genuine, frauds] of rows) {
    if (bin >= from) [tp, fp] = [tp + frauds, fp + genuine];
    else [fn, tn] = [fn + frauds, tn + genuine];
  }
  return { tp, fp, fn, tn };
}

/** Writes everything that depends on the threshold. */
function showThreshold(scores: ScoreBins, threshold: number, matrix: Matrix): void {
  const { tp, fp, fn, tn } = matrix;
  const precision = tp / (tp + fp);
  const recall = tp / (tp + fn);
  const texts: Readonly<Record<string, string>> = {
    ...{ tp: whole.format(tp), fp: whole.format(fp), fn: whole.format(fn), tn: whole.format(tn) },
    threshold: threshold.toFixed(4).replace(/0{1,2}$/, ''),
    precision: shareOf(precision),
    recall: shareOf(recall),
    f1: Number.isFinite(precision + recall) ? ((2 * tp) / (2 * tp + fp + fn)).toFixed(3) : '–',
    cost: whole.format(fn * scores.missedFraud + fp * scores.falseAlarm),
  };
  for (const [name, text] of Object.entries(texts)) {
    for (const node of document.querySelectorAll(`[data-at="${name}"]`)) node.textContent = text;
  }
  markAll({
    threshold: { x: threshold },
    'precision-recall': { x: recall, y: precision },
    roc: { x: fp / (fp + tn), y: recall },
  });
}

function shareOf(ratio: number): string {
  return Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)} %` : '–';
}

/** The matrix of the run stands in the page; moving the slider counts anew. */
function startSlider(scores: ScoreBins): void {
  const slider = document.getElementById('threshold');
  if (!(slider instanceof HTMLInputElement)) return;
  const move = (threshold: number): void =>
    showThreshold(scores, threshold, matrixAt(scores, threshold));
  slider.addEventListener('input', () => move(slider.valueAsNumber));
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-threshold]')) {
    button.addEventListener('click', () => {
      slider.value = button.dataset.threshold ?? '';
      move(slider.valueAsNumber);
    });
  }
  const { tp, fp, fn, tn } = slider.dataset;
  const [exact] = [{ tp: Number(tp), fp: Number(fp), fn: Number(fn), tn: Number(tn) }];
  showThreshold(scores, scores.threshold, exact);
}
