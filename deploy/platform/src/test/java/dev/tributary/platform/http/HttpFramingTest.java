package dev.tributary.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests whose end two readers could see in different places: refused, and nothing after them is
 * read.
 */
class HttpFramingTest {

  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger smuggled = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.builder(
                new HttpConfig(
                    null, 0, null, null, null, Duration.ofSeconds(2), Duration.ofSeconds(1), null))
            .route(
                Route.post(
                    "/echo",
                    request -> {
                      handled.incrementAndGet();
                      return Response.bytes(200, MediaType.JSON, request.body());
                    }))
            .route(
                Route.get(
                    "/smuggled",
                    request -> {
                      smuggled.incrementAndGet();
                      return Response.text(200, "smuggled");
                    }))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> brokenRequests() {
    return Stream.of(
        Arguments.of(
            "length and chunked",
            POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            "chunked and length",
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            "two different lengths", POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        Arguments.of(
            "two equal lengths", POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of("list of lengths", POST + "Content-Length: 2, 2\r\n\r\n{}"),
        Arguments.of("signed length", POST + "Content-Length: +2\r\n\r\n{}"),
        Arguments.of("negative length", POST + "Content-Length: -2\r\n\r\n{}"),
        Arguments.of("hexadecimal length", POST + "Content-Length: 0x2\r\n\r\n{}"),
        Arguments.of(
            "length beyond a long", POST + "Content-Length: 99999999999999999999\r\n\r\n{}"),
        Arguments.of("xchunked", POST + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunked twice",
            POST + "Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunked not last",
            POST + "Transfer-Encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunk size over 64 bits",
            POST + "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "empty chunk size", POST + "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunk size with extension only",
            POST + "Transfer-Encoding: chunked\r\n\r\n;a=b\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "signed chunk size", POST + "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunk size in letters",
            POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "chunk longer than its size",
            POST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"),
        Arguments.of(
            "bare line feed after a chunk size",
            POST + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
        Arguments.of("folded header", POST + "X-Fold: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of("space before the colon", POST + "Content-Length : 2\r\n\r\n{}"),
        Arguments.of("header without a colon", POST + "Nonsense\r\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of(
            "bare line feeds", (POST + "Content-Length: 2\r\n\r\n").replace("\r\n", "\n") + "{}"),
        Arguments.of(
            "bare line feed after one header", POST + "X-A: b\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of("bare carriage return", POST + "X-A: b\rContent-Length: 2\r\n\r\n{}"),
        Arguments.of("NUL in a header", POST + "X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of(
            "no host", POST.replace("Host: localhost\r\n", "") + "Content-Length: 2\r\n\r\n{}"),
        Arguments.of("two hosts", POST + "Host: localhost\r\nContent-Length: 2\r\n\r\n{}"),
        Arguments.of("version 9.9", POST.replace("1.1", "9.9") + "Content-Length: 2\r\n\r\n{}"),
        Arguments.of("version 0.9", "GET /smuggled\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenRequests")
  void refusesAndClosesWithoutReadingOn(String name, String bytes) throws IOException {
    // Given a request whose framing is broken, with another right behind it
    try (RawHttp client = new RawHttp(server.port())) {
      // When both are sent
      String answer = client.send(bytes + SMUGGLED).readToClose();

      // Then there is one answer, 400 or 505, the connection is closed, and no handler ran
      assertTrue(answer.matches("(?s)HTTP/1\\.1 (400|505) .*"), answer);
      assertEquals(answer.indexOf("HTTP/1.1"), answer.lastIndexOf("HTTP/1.1"), answer);
      assertEquals(0, handled.get(), answer);
      assertEquals(0, smuggled.get(), answer);
      assertFalse(answer.contains("Exception") || answer.contains("\tat "), answer);
    }
  }

  @Test
  void takesNothingAfterAHugeChunkSizeForARequest() throws IOException {
    // Given a chunk size of 2^32, which a reader that counts in 32 bits takes for the last chunk
    try (RawHttp client = new RawHttp(server.port())) {
      // When a request stands where that reader would see one, and then nothing more comes
      String answer =
          client
              .send(POST + "Transfer-Encoding: chunked\r\n\r\n100000000\r\n" + SMUGGLED)
              .readToClose();

      // Then it is taken for part of the chunk, which is given up
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertEquals(0, handled.get() + smuggled.get(), answer);
    }
  }

  @Test
  void answersProblemJsonToBrokenFraming() throws IOException {
    try (RawHttp client = new RawHttp(server.port())) {
      String answer = client.send(POST + "Content-Length: +2\r\n\r\n{}").readToClose();

      assertTrue(answer.contains("application/problem+json"), answer);
      assertTrue(answer.contains("\"status\":400"), answer);
    }
  }

  @Test
  void readsProperRequestsOneAfterTheOther() throws IOException {
    // Given proper framing of both kinds on one connection
    String length = POST + "Content-Length: 2\r\n\r\n{}";
    String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
    String last = POST + "Connection: close\r\nContent-Length: 2\r\n\r\n{}";
    try (RawHttp client = new RawHttp(server.port())) {
      // When they are pipelined
      String answer = client.send(length + chunked + last).readToClose();

      // Then each is answered
      assertEquals(3, answer.split("HTTP/1\\.1 200", -1).length - 1, answer);
      assertEquals(3, handled.get());
    }
  }
}
