package dev.tributary.schemas.registry;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Any registry that speaks Confluent's REST interface: Confluent, Karapace, Redpanda, Apicurio
 * ({@code /apis/ccompat/v7}). Ids and schemas are cached for good, as both are immutable there.
 * Redirects are not followed.
 */
public final class HttpSchemaRegistry implements SchemaRegistry, AutoCloseable {

  private static final String JSON = "application/vnd.schemaregistry.v1+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final String base;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(Redirect.NEVER).build();

  private record Registration(String subject, Schema schema) {}

  /**
   * @param url where the registry's REST interface starts, such as {@code http://127.0.0.1:8081}
   * @throws ConfigException if it is not an absolute http or https URL
   */
  public HttpSchemaRegistry(URI url) {
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())
        || url.getHost() == null) {
      throw ConfigException.of(
          "schema_registry.url", url, "write an absolute http:// or https:// URL");
    }
    this.base = url.toString().replaceAll("/+$", "");
  }

  @Override
  public int register(String subject, Schema schema) {
    Registration registration = new Registration(subject, schema);
    Integer known = ids.get(registration);
    if (known != null) {
      return known;
    }
    String body = json.writeValueAsString(Map.of("schema", schema.toString()));
    HttpResponse<String> response =
        send(
            request("/subjects/%s/versions".formatted(encode(subject)))
                .POST(BodyPublishers.ofString(body)));
    int status = response.statusCode();
    if (status == CONFLICT) {
      throw new ConfigException(
          ("schema of %s is incompatible with the registry at %s: %s;"
                  + " add fields with defaults instead")
              .formatted(subject, base, response.body()));
    }
    requireSuccess(response, "registering " + subject);
    int id = field(response, "id").asInt(-1);
    if (id < 0) {
      throw unexpected(response, "registering " + subject);
    }
    ids.put(registration, id);
    schemas.putIfAbsent(id, schema);
    return id;
  }

  @Override
  public Schema schema(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    HttpResponse<String> response = send(request("/schemas/ids/" + id).GET());
    if (response.statusCode() == NOT_FOUND) {
      throw new BadRecordException(
          "unknown_schema", "schema id %d is not in the registry at %s".formatted(id, base));
    }
    requireSuccess(response, "reading schema " + id);
    Schema schema = parse(id, response);
    schemas.put(id, schema);
    return schema;
  }

  @Override
  public void close() {
    http.close();
  }

  private Schema parse(int id, HttpResponse<String> response) {
    JsonNode type = field(response, "schemaType");
    if (!type.isMissingNode() && !"AVRO".equals(type.asString(""))) {
      throw new BadRecordException(
          "unknown_schema", "schema id %d is of type %s, not AVRO".formatted(id, type));
    }
    try {
      return new Schema.Parser().parse(field(response, "schema").asString(""));
    } catch (SchemaParseException e) {
      throw new BadRecordException(
          "unknown_schema", "schema id %d cannot be parsed".formatted(id), e);
    }
  }

  private JsonNode field(HttpResponse<String> response, String name) {
    try {
      return json.readTree(response.body()).path(name);
    } catch (JacksonException e) {
      throw new RetriableException("registry at %s answered what is not JSON".formatted(base), e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("Content-Type", JSON)
        .header("Accept", JSON);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RetriableException(
          "schema registry at %s cannot be reached: %s".formatted(base, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while asking the schema registry at " + base, e);
    }
  }

  private void requireSuccess(HttpResponse<String> response, String action) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return;
    }
    if (status / 100 == 4 && status != 408 && status != 429) {
      throw new ConfigException(
          "%s at %s was refused with status %d: %s; check schema_registry.url and access rights"
              .formatted(action, base, status, response.body()));
    }
    throw unexpected(response, action);
  }

  private RetriableException unexpected(HttpResponse<String> response, String action) {
    return new RetriableException(
        "%s at %s failed with status %d: %s"
            .formatted(action, base, response.statusCode(), response.body()));
  }

  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8);
  }
}
