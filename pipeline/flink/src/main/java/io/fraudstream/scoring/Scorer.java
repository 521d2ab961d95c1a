package io.fraudstream.scoring;

import io.fraudstream.scoring.ScoreSettings.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores transactions by requests to an endpoint, so many at once. Every transaction that enters
 * leaves as exactly one outcome; nothing is ever thrown at the caller.
 *
 * <p>All of it happens on its loop; {@link #score} may be called from anywhere.
 */
public final class Scorer {
  private static final Logger LOG = LoggerFactory.getLogger(Scorer.class);

  /** While a probe is under way its answer is what matters, not the clock. */
  private static final long LEAST_PAUSE_MS = 50;

  private final ScoreSettings settings;
  private final Endpoint endpoint;
  private final Loop loop;
  private final RetryWait retryWait;
  private final ScoringMetrics metrics;
  private final Breaker breaker = new Breaker();
  private final SplitBudget splits = new SplitBudget();
  private final WaitingRows waiting;
  private volatile int inFlight;
  private volatile boolean isOpen;
  private long pumpAt = Long.MAX_VALUE;

  public Scorer(
      ScoreSettings settings,
      Endpoint endpoint,
      Loop loop,
      DoubleSupplier random,
      ScoringMetrics metrics) {
    this.settings = settings;
    this.endpoint = endpoint;
    this.loop = loop;
    this.retryWait = new RetryWait(random);
    this.metrics = metrics;
    this.waiting = new WaitingRows(settings.batchRows(), settings.lingerMs());
  }

  /** Hands in a transaction; {@code done} hears of its outcome once, on the loop. */
  public void score(Candidate candidate, Consumer<Outcome> done) {
    loop.execute(
        () -> {
          long now = loop.now();
          long lastAt = now + settings.longestLifeMs();
          waiting.add(new Row(candidate, now, patient(now) + settings.timeoutMs(), lastAt, done));
          pump();
        });
  }

  /** Requests under way. */
  public int inFlight() {
    return inFlight;
  }

  public boolean isBreakerOpen() {
    return isOpen;
  }

  /** The clock of deadlines: for those who wait it stands still while the breaker is open. */
  private long patient(long now) {
    return settings.policy() == Policy.WAIT ? now - breaker.openMs(now) : now;
  }

  private void pump() {
    long now = loop.now();
    while (inFlight < settings.capacity() && !waiting.isEmpty()) {
      if (!breaker.lets(now)) {
        refuse(now);
        return;
      }
      long lingersMs = breaker.isOpen() ? 0 : waiting.lingersMs(now);
      if (lingersMs > 0) {
        pumpAfter(lingersMs);
        break;
      }
      List<Row> living = living(waiting.take(breaker.isOpen()), now);
      if (!living.isEmpty()) send(living, now);
    }
    isOpen = breaker.isOpen();
  }

  /** Those that still have time; the others are given up. */
  private List<Row> living(List<Row> batch, long now) {
    List<Row> living = new ArrayList<>(batch.size());
    for (Row row : batch) {
      if (row.isSettled()) continue;
      if (patient(now) > row.dueAt || now > row.lastAt) giveUp(row);
      else living.add(row);
    }
    return living;
  }

  /** The breaker is open. */
  private void refuse(long now) {
    isOpen = true;
    if (settings.policy() != Policy.WAIT) {
      waiting.takeOut(row -> true, this::settleWithout);
      return;
    }
    waiting.takeOut(row -> now > row.lastAt, this::giveUp);
    pumpAfter(Math.max(LEAST_PAUSE_MS, breaker.openUntil() - now));
  }

  private void giveUp(Row row) {
    metrics.failed(row.trouble == null ? ErrorKind.DROPPED : row.trouble.kind());
    row.givenUp();
  }

  private void settleWithout(Row row) {
    if (settings.policy() == Policy.RULES) {
      metrics.scored(1);
      row.scored(Rules.score(row.candidate.features), Rules.VERSION);
      return;
    }
    ErrorKind kind = row.trouble == null ? ErrorKind.DROPPED : row.trouble.kind();
    metrics.failed(kind);
    row.failed(kind, "the endpoint is down: the breaker is open");
  }

  private void pumpAfter(long ms) {
    long at = loop.now() + ms;
    if (at >= pumpAt) return;
    pumpAt = at;
    loop.after(
        ms,
        () -> {
          pumpAt = Long.MAX_VALUE;
          pump();
        });
  }

  private void send(List<Row> batch, long now) {
    inFlight += 1;
    breaker.sent();
    for (Row row : batch) {
      row.attempts += 1;
      row.batchAttempts += 1;
    }
    // In stages, so that what throws fails this request and no more.
    CompletableFuture.completedFuture(batch)
        .thenApply(this::body)
        .thenCompose(endpoint::send)
        .whenComplete(
            (reply, error) -> loop.execute(() -> answered(batch, Reply.of(reply, error), now)));
  }

  private byte[] body(List<Row> batch) {
    return settings.form().body(batch.stream().map(row -> row.candidate.features).toList());
  }

  private void answered(List<Row> batch, Reply reply, long sentAt) {
    inFlight -= 1;
    try {
      judge(batch, reply, sentAt);
    } catch (RuntimeException bug) {
      broken(batch, bug);
    }
    pump();
  }

  /** A bug of ours: its batch gets no score, and all others go on. */
  private void broken(List<Row> batch, RuntimeException bug) {
    LOG.error(
        "An answer could not be handled; its {} transactions get no score.", batch.size(), bug);
    for (Row row : batch) {
      if (row.isSettled()) continue;
      metrics.failed(ErrorKind.BAD_RESPONSE);
      row.failed(ErrorKind.BAD_RESPONSE, "the answer could not be handled: " + bug);
    }
  }

  private void judge(List<Row> batch, Reply reply, long sentAt) {
    long now = loop.now();
    metrics.answered(now - sentAt);
    Scores scores = null;
    Trouble trouble = Trouble.of(reply);
    if (trouble == null) {
      scores =
          Scores.read(reply.contentType(), reply.body(), batch.size(), settings.scorePointer());
      if (scores.problem() != null) trouble = Trouble.badResponse(scores.problem());
    }
    breaker.answered(trouble != null && trouble.isOutage(), sentAt, now);
    if (trouble == null) settle(batch, scores, reply.modelVersion());
    else meet(batch, trouble, now);
  }

  /** A row without a score fails alone, and is not asked for again. */
  private void settle(List<Row> batch, Scores scores, String modelVersion) {
    splits.earn(batch.size());
    metrics.scored(batch.size() - scores.problems().size());
    for (int row = 0; row < batch.size(); row++) {
      String problem = scores.problems().get(row);
      if (problem == null) batch.get(row).scored(scores.values()[row], modelVersion);
      else fail(batch.get(row), Trouble.badResponse(problem));
    }
  }

  private void fail(Row row, Trouble trouble) {
    metrics.failed(trouble.kind());
    row.failed(trouble.kind(), trouble.reason());
  }

  /** A bad row is found by taking its batch apart; what may get better is sent again. */
  private void meet(List<Row> batch, Trouble trouble, long now) {
    for (Row row : batch) row.trouble = trouble;
    if (trouble.isRowFault() && batch.size() > 1 && splits.take()) {
      for (Row row : batch) row.batchAttempts = 0;
      int middle = (batch.size() + 1) / 2;
      waiting.addAgain(new ArrayList<>(batch.subList(0, middle)));
      waiting.addAgain(new ArrayList<>(batch.subList(middle, batch.size())));
      return;
    }
    long waitMs = retryWait.ms(batch.get(0).batchAttempts, trouble.waitMs());
    List<Row> retried = new ArrayList<>(batch.size());
    for (Row row : batch) {
      boolean hasTime = breaker.isOpen() || patient(now) + waitMs < row.dueAt;
      if (hasTime && trouble.isRetriedAfter(row.batchAttempts)) retried.add(row);
      else giveUp(row);
    }
    if (retried.isEmpty()) return;
    metrics.retried();
    loop.after(
        waitMs,
        () -> {
          waiting.addAgain(retried);
          pump();
        });
  }
}
