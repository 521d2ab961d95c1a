package io.fraudstream.scoring;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The bytes of an answer up to a bound; a longer one ends with {@link TooLong}.
 *
 * <p>The bound is that of {@code longestAnswerBytes} in {@code src/scoring/score-client.ts}.
 */
final class BoundedBody implements BodySubscriber<byte[]> {
  private static final long LEAST_BYTES = 1_048_576;
  private static final long BYTES_PER_REQUEST_BYTE = 16;

  /** An answer that is longer than any list of scores. */
  static final class TooLong extends IOException {
    TooLong(long mostBytes) {
      super("the answer has more than " + mostBytes + " bytes");
    }
  }

  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private final long mostBytes;
  private long received;
  private Flow.Subscription subscription;

  private BoundedBody(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Takes the answer to a request of so many bytes. */
  static BodyHandler<byte[]> handler(int requestBytes) {
    return head -> new BoundedBody(LEAST_BYTES + BYTES_PER_REQUEST_BYTE * requestBytes);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return bytes.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    bytes.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) received += buffer.remaining();
    if (received <= mostBytes) {
      bytes.onNext(buffers);
      return;
    }
    subscription.cancel();
    bytes.onError(new TooLong(mostBytes));
  }

  @Override
  public void onError(Throwable error) {
    bytes.onError(error);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
