package dev.tributary.platform.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that are well framed: which of them reach a handler, and how the others are answered.
 */
class HttpServerTest {

  private final AtomicInteger handled = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.builder(HttpConfig.onPort(0))
            .route(Route.post("/echo", this::echo).maxBody(200_000))
            .route(Route.post("/v1/chat/completions", this::echo).maxBody(1000))
            .route(
                Route.get(
                    "/things/{name}",
                    request -> Response.json(200, Map.of("name", request.pathParameter("name")))))
            .route(Route.get("/things/known", request -> Response.text(200, "literal")))
            .route(Route.delete("/things/{name}", request -> Response.empty()))
            .route(
                Route.get(
                    "/query", request -> Response.text(200, request.query("q").orElse("absent"))))
            .route(
                Route.get(
                    "/thread",
                    request -> Response.text(200, "" + Thread.currentThread().isVirtual())))
            .route(Route.get("/broken", request -> broken("secret detail")))
            .route(Route.get("/later", request -> later()))
            .route(Route.post("/v1/models", request -> refuse()))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Response echo(Request request) {
    handled.incrementAndGet();
    return Response.bytes(200, MediaType.JSON, request.body());
  }

  private static Response broken(String message) {
    throw new IllegalStateException(message);
  }

  private static Response later() {
    throw new RetriableException("the broker is not there");
  }

  private static Response refuse() {
    throw HttpException.unprocessable(List.of(new FieldError("/messages/0/role", "is missing")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.1", "[::2]"})
  void refusesForeignHosts(String host) throws IOException {
    String answer =
        raw("GET /things/known HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]"})
  void takesItsOwnNames(String host) throws IOException {
    String answer =
        raw("GET /things/known HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/things/../things/known", "/..", "/things/..", "/things/.", "/./things/known",
            "/%2e%2e%2fthings/known",
        "/things/%2e%2e", "/things/..%2f..", "/things/a%00b", "/things/a%0ab", "/things/a\\b",
            "/things/a%5cb",
        "/things/a%2fb", "//things/known", "/things//known", "/things/known/", "/things/a%c0%af",
            "/things/a%zz",
        "/things/a%2", "/things/a;b=c/../d", "/things/..;/x", "/things/%u002e"
      })
  void refusesPathsThatCouldBeReadTwoWays(String path) throws IOException {
    String answer =
        raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
  }

  @Test
  void decodesPathParametersAndQuery() throws Exception {
    assertEquals("a b+ü", json(get("/things/a%20b+%C3%BC").body()).get("name").stringValue());
    assertEquals("literal", get("/things/known").body());
    assertEquals("1 & 2", get("/query?q=1+%26%202").body());
    assertEquals(400, get("/query?q=%C0%AF").statusCode());
  }

  @Test
  void answers404And405WithAllow() throws Exception {
    assertEquals(404, get("/nothing").statusCode());
    HttpResponse<String> answer =
        send(request("/things/x").PUT(HttpRequest.BodyPublishers.noBody()));
    assertEquals(405, answer.statusCode());
    assertEquals("DELETE, GET", answer.headers().firstValue("Allow").orElseThrow());
    assertEquals(204, send(request("/things/x").DELETE()).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT localhost:80 HTTP/1.1",
        "CONNECT / HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET * HTTP/1.1",
        "GET  HTTP/1.1",
        "GET things/known HTTP/1.1",
        "TRACE /things/known HTTP/1.1",
        "BREW /things/known HTTP/1.1",
        "GET http://evil.example/things/known HTTP/1.1",
        "GET http://a@localhost/things/known HTTP/1.1",
        "GET /things/known#x HTTP/1.1",
        "PRI * HTTP/2.0"
      })
  void refusesOtherRequestLines(String line) throws IOException {
    String answer = raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertTrue(answer.matches("(?s)HTTP/1\\.1 (400|405|421|426|505) .*"), answer);
  }

  @Test
  void takesTheAbsoluteFormOfItsOwnName() throws IOException {
    String answer =
        raw(
            "GET http://localhost/things/known HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Connection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
  }

  @Test
  void asksForTheBodyOnlyWhereItWillBeRead() throws IOException {
    String head =
        "POST /echo HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Expect: 100-continue\r\n"
            + "Connection: close\r\n"
            + "Content-Length: 2\r\n";
    try (RawHttp raw = new RawHttp(server.port())) {
      assertTrue(
          raw.send(head + "Content-Type: application/json\r\n\r\n")
              .readSome()
              .startsWith("HTTP/1.1 100"));
      assertTrue(raw.send("{}").readToClose().startsWith("HTTP/1.1 200"));
    }

    String refused = raw(head + "Content-Type: text/plain\r\n\r\n");
    assertTrue(refused.startsWith("HTTP/1.1 415") && !refused.contains("HTTP/1.1 100"), refused);
  }

  @Test
  void handlesRequestsOnVirtualThreads() throws Exception {
    assertEquals("true", get("/thread").body());
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> answer =
        send(request("/things/known").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertEquals(200, answer.statusCode());
    assertEquals("", answer.body());
  }

  @Test
  void refusesManyOrLargeHeaders() throws IOException {
    String many = "X-H: v\r\n".repeat(101);
    String large = "X-H: " + "v".repeat(17_000) + "\r\n";
    String longPath =
        "GET /" + "p".repeat(17_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    assertTrue(
        raw("GET /things/known HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n")
            .startsWith("HTTP/1.1 431"));
    assertTrue(
        raw("GET /things/known HTTP/1.1\r\nHost: localhost\r\n" + large + "\r\n")
            .startsWith("HTTP/1.1 431"));
    assertTrue(raw(longPath).matches("(?s)HTTP/1.1 (414|431) .*"));
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/xml", "application/jsonp", "''"})
  void refusesOtherContentTypes(String type) throws Exception {
    HttpRequest.Builder request = request("/echo").POST(HttpRequest.BodyPublishers.ofString("{}"));
    HttpResponse<String> answer =
        send(type.isEmpty() ? request : request.header("Content-Type", type));

    assertEquals(415, answer.statusCode());
    assertTrue(answer.body().contains("application/json"), answer.body());
    assertEquals(0, handled.get());
  }

  @Test
  void takesContentTypesWithParametersAndInAnyCase() throws Exception {
    assertEquals(
        200, post("/echo", "Application/JSON; charset=utf-8", null, bytes("{}")).statusCode());
  }

  @Test
  void refusesOtherContentEncodings() throws Exception {
    HttpResponse<String> answer = post("/echo", "application/json", "br", bytes("{}"));

    assertEquals(415, answer.statusCode());
    assertEquals("gzip", answer.headers().firstValue("Accept-Encoding").orElseThrow());
  }

  @Test
  void readsGzip() throws Exception {
    HttpResponse<String> answer =
        post("/echo", "application/json", "gzip", gzip(bytes("{\"a\":\"ü\"}")));

    assertEquals("{\"a\":\"ü\"}", answer.body());
  }

  @Test
  void refusesGzipBombs() throws Exception {
    // Given a body within the limit but with a ratio of about 1,000, and one beyond the limit with
    // an honest ratio
    byte[] bomb = gzip(new byte[190_000]);
    byte[] random = new byte[150_000];
    new Random(1).nextBytes(random);
    byte[] hex = gzip(bytes(java.util.HexFormat.of().formatHex(random)));

    // Then both are refused, and so is what is no gzip
    assertEquals(413, post("/echo", "application/json", "gzip", bomb).statusCode());
    assertEquals(413, post("/echo", "application/json", "gzip", hex).statusCode());
    assertEquals(400, post("/echo", "application/json", "gzip", bytes("{}")).statusCode());
    assertEquals(
        400,
        post("/echo", "application/json", "gzip", java.util.Arrays.copyOf(hex, 5000)).statusCode());
    assertEquals(0, handled.get());
  }

  @Test
  void refusesLargeBodiesBeforeReadingThem() throws IOException {
    // Given a declared length over the limit, and not one byte of the body
    String answer =
        raw(
            "POST /echo HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: 200001\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
  }

  @Test
  void refusesLargeChunkedBodies() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String answer =
        raw(
            "POST /echo HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Content-Type: application/json\r\n"
                + "Connection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(4)
                + "0\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    assertEquals(0, handled.get());
  }

  @Test
  void refusesABodyWhereNoneIsTaken() throws Exception {
    HttpRequest.Builder request =
        request("/things/known").method("GET", HttpRequest.BodyPublishers.ofString("{}"));

    assertEquals(413, send(request).statusCode());
  }

  @Test
  void readsBodiesUpToTheLimit() throws Exception {
    byte[] body = "x".repeat(200_000).getBytes(StandardCharsets.UTF_8);

    assertArrayEquals(
        body,
        post("/echo", "application/json", null, body).body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void echoesTheRequestIdAndMakesOneUp() throws Exception {
    assertEquals(
        "abc-1",
        send(request("/things/known").header("X-Request-Id", "abc-1"))
            .headers()
            .firstValue("X-Request-Id")
            .orElseThrow());
    String unusable =
        send(request("/things/known").header("X-Request-Id", "<b>"))
            .headers()
            .firstValue("X-Request-Id")
            .orElseThrow();
    assertTrue(unusable.matches("[0-9a-f-]{36}"), unusable);
  }

  @Test
  void hidesInternalErrors() throws Exception {
    HttpResponse<String> answer = get("/broken");

    assertEquals(500, answer.statusCode());
    assertFalse(
        answer.body().contains("secret") || answer.body().contains("Exception"), answer.body());
    assertTrue(
        answer.body().contains(answer.headers().firstValue("X-Request-Id").orElseThrow()),
        answer.body());
  }

  @Test
  void answers503ToRetriableErrors() throws Exception {
    HttpResponse<String> answer = get("/later");

    assertEquals(503, answer.statusCode());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
  }

  @Test
  void writesProblemJson() throws Exception {
    HttpResponse<String> answer = get("/nothing");

    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
    JsonNode problem = json(answer.body());
    assertEquals(404, problem.get("status").intValue());
    assertEquals("Not Found", problem.get("title").stringValue());
    assertEquals("urn:tributary:error:not_found", problem.get("type").stringValue());
  }

  @Test
  void writesOpenAiErrorsOnOpenAiPaths() throws Exception {
    // Given a handler that refuses a field, on one of OpenAI's paths
    HttpResponse<String> answer = post("/v1/models", "application/json", null, bytes("{}"));

    // Then the answer is 400 with the parameter's name and all four keys
    assertEquals(400, answer.statusCode());
    JsonNode error = json(answer.body()).get("error");
    assertEquals("invalid_request_error", error.get("type").stringValue());
    assertEquals("messages.0.role", error.get("param").stringValue());
    assertEquals("invalid_field", error.get("code").stringValue());
    assertEquals("/messages/0/role: is missing", error.get("message").stringValue());

    // And errors that are found before a handler is have the same shape
    HttpResponse<String> tooLarge =
        post("/v1/chat/completions", "application/json", null, new byte[1001]);
    assertEquals(413, tooLarge.statusCode());
    assertTrue(json(tooLarge.body()).get("error").get("param").isNull());
    assertEquals(404, get("/v1/models/none/such").statusCode());
    assertTrue(json(get("/v1/models/none/such").body()).has("error"));
  }

  @Test
  void saysInOneSentenceThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      ConfigException error =
          assertThrows(
              ConfigException.class,
              () -> HttpServer.builder(HttpConfig.onPort(taken.getLocalPort())).start());

      assertTrue(
          error.getMessage().contains("127.0.0.1:" + taken.getLocalPort()), error.getMessage());
      assertTrue(error.getMessage().contains("choose another port"), error.getMessage());
    }
  }

  private String raw(String request) throws IOException {
    try (RawHttp raw = new RawHttp(server.port())) {
      return raw.send(request).readToClose();
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String type, String encoding, byte[] body)
      throws Exception {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return send(encoding == null ? request : request.header("Content-Encoding", encoding));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
