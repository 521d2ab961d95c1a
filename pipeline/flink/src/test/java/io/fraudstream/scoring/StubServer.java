package io.fraudstream.scoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A scoring endpoint on loopback that behaves as a test asks for. */
public final class StubServer implements AutoCloseable {
  /** What is done with a request. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(HttpExchange exchange, int rows) throws IOException;
  }

  /** A score of 0.25 for each row. */
  public static final Behaviour SOUND =
      (exchange, rows) ->
          reply(exchange, 200, "text/csv", String.join("\n", Collections.nCopies(rows, "0.25")));

  public final AtomicLong requests = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool(StubServer::daemon);
  private volatile HttpServer server;
  private volatile Behaviour behaviour = SOUND;
  private int port;

  public StubServer() {
    up();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "stub");
    thread.setDaemon(true);
    return thread;
  }

  /** Answers again, at the same address. */
  public synchronized void up() {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      server = HttpServer.create(address, 0);
      port = server.getAddress().getPort();
      server.setExecutor(threads);
      server.createContext("/", this::handle);
      server.start();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Refuses connections from now on. */
  public synchronized void down() {
    server.stop(0);
  }

  public void behave(Behaviour wanted) {
    behaviour = wanted;
  }

  public String url() {
    return "http://127.0.0.1:" + port + "/score";
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    behaviour.answer(exchange, body.split("\n", -1).length);
  }

  public static void reply(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", contentType);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    down();
    threads.shutdownNow();
  }
}
