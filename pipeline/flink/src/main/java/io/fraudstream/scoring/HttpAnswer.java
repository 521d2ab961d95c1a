package io.fraudstream.scoring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** The head and the body of an answer. */
record HttpAnswer(SdkHttpResponse head, byte[] body) {
  private static final long LEAST_BYTES = 1_048_576;
  private static final long BYTES_PER_REQUEST_BYTE = 16;

  /** An answer that is longer than any list of scores. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(long mostBytes) {
      super("the answer has more than " + mostBytes + " bytes");
    }
  }

  /**
   * Receives an answer up to a bound; a longer one ends with {@link TooLong}.
   *
   * <p>The bound is that of {@code longestAnswerBytes} in {@code src/scoring/score-client.ts}.
   */
  static final class Receiver implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
    private final CompletableFuture<SdkHttpResponse> head = new CompletableFuture<>();
    private final CompletableFuture<HttpAnswer> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final long mostBytes;
    private Subscription subscription;

    /** {@code requestBytes} are those of the request that is answered. */
    Receiver(int requestBytes) {
      this.mostBytes = LEAST_BYTES + BYTES_PER_REQUEST_BYTE * requestBytes;
      head.whenComplete(
          (answer, error) -> {
            if (error != null) whole.completeExceptionally(error);
          });
    }

    /** The head, as soon as it is there; fails with the request. */
    CompletableFuture<SdkHttpResponse> head() {
      return head;
    }

    /** The whole answer; fails with the request. */
    CompletableFuture<HttpAnswer> whole() {
      return whole;
    }

    @Override
    public void onHeaders(SdkHttpResponse headers) {
      head.complete(headers);
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      stream.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer part) {
      if (whole.isDone()) return;
      if (bytes.size() + (long) part.remaining() > mostBytes) {
        subscription.cancel();
        onError(new TooLong(mostBytes));
        return;
      }
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      bytes.writeBytes(copy);
    }

    @Override
    public void onError(Throwable error) {
      whole.completeExceptionally(error);
      head.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      whole.complete(new HttpAnswer(head.join(), bytes.toByteArray()));
    }
  }
}
