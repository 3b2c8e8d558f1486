package dev.tributary.app.records;

import dev.tributary.app.http.Reply;
import dev.tributary.app.http.ServiceHttp;
import dev.tributary.app.records.ImportResult.Rejection;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends the records of a file to the gateway, batch by batch, and remembers how far it got. For one
 * thread.
 *
 * <p>The whole file is read once before anything is sent, so a damaged file changes nothing. A run
 * that was cut off goes on after the last acknowledged batch; that batch may be sent twice, which
 * the gateway's content ids make harmless.
 */
public final class Importer {

  private static final int MOST_RETRIES = 60;

  private final ServiceHttp gateway;
  private final AdapterId adapter;
  private final Path file;
  private final Path offsetFile;

  public Importer(ServiceHttp gateway, AdapterId adapter, Path file, Path offsetFile) {
    this.gateway = gateway;
    this.adapter = adapter;
    this.file = file;
    this.offsetFile = offsetFile;
  }

  /**
   * How many records there are.
   *
   * @throws dev.tributary.foundation.error.BadRecordException naming the first line that is no
   *     record
   */
  public long count() {
    try (RecordReader reader = RecordReader.open(file)) {
      long count = 0;
      for (Optional<SourceRecord> record = reader.next();
          record.isPresent();
          record = reader.next()) {
        InstructionForm.of(record.get());
        count++;
      }
      return count;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Sends what was not sent yet.
   *
   * @param total as {@link #count} gave it
   * @param onProgress receives the number of records done, those of earlier runs included
   * @throws RetriableException if the gateway cannot be reached or stays overloaded
   */
  public ImportResult run(long total, LongConsumer onProgress) {
    try (RecordReader reader = RecordReader.open(file)) {
      return send(reader, total, onProgress);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ImportResult send(RecordReader reader, long total, LongConsumer onProgress)
      throws IOException {
    RecordDigest digest = new RecordDigest();
    ImportSample sample = new ImportSample(total);
    long skipped = skip(reader, digest, sample);
    onProgress.accept(skipped);
    List<Rejection> rejected = new ArrayList<>();
    Batch batch = new Batch();
    long done = skipped;
    for (Optional<SourceRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
      digest.add(next.get());
      ObjectNode body = body(next.get());
      batch.add(next.get().line(), body.toString());
      if (sample.takes(done)) {
        sample.add(next.get().line(), body.path("id").asString());
      }
      done++;
      if (batch.isFull() || done == total) {
        rejected.addAll(post(batch));
        batch.clear();
        new ImportOffset(done, digest.hex()).write(offsetFile);
        onProgress.accept(done);
      }
    }
    rejected.forEach(rejection -> sample.remove(rejection.line()));
    return new ImportResult(
        total, skipped, done - skipped - rejected.size(), List.copyOf(rejected), sample.ids());
  }

  private ObjectNode body(SourceRecord record) {
    return RecordId.giveTo(InstructionForm.of(record).put("adapter", adapter.toString()));
  }

  private long skip(RecordReader reader, RecordDigest digest, ImportSample sample)
      throws IOException {
    ImportOffset offset = ImportOffset.read(offsetFile);
    for (long i = 0; i < offset.records(); i++) {
      SourceRecord record = reader.next().orElseThrow(this::changed);
      digest.add(record);
      if (sample.takes(i)) {
        sample.add(record.line(), body(record).path("id").asString());
      }
    }
    if (offset.records() > 0 && !digest.hex().equals(offset.digest())) {
      throw changed();
    }
    return offset.records();
  }

  private ConfigException changed() {
    return new ConfigException(
        "%s: the records sent before have changed; delete %s to import from the start"
            .formatted(file, offsetFile));
  }

  private List<Rejection> post(Batch batch) {
    for (int attempt = 1; ; attempt++) {
      Reply reply = gateway.post("/v1/instructions", "application/x-ndjson", batch.body());
      switch (reply.status()) {
        case 202 -> {
          return List.of();
        }
        case 207 -> {
          return rejections(batch, reply.body());
        }
        case 429, 503 -> {
          if (attempt == MOST_RETRIES) {
            throw new RetriableException("the gateway stays overloaded: " + reply.complaint());
          }
          pause(reply.retryAfterSeconds().orElse(1));
        }
        default ->
            throw new RetriableException(
                "the gateway refused lines %d to %d: %s"
                    .formatted(batch.fileLine(1), batch.fileLine(batch.size()), reply.complaint()));
      }
    }
  }

  private static List<Rejection> rejections(Batch batch, JsonNode body) {
    List<Rejection> rejected = new ArrayList<>();
    for (JsonNode entry : body.path("errors")) {
      long line = batch.fileLine(entry.path("line").asInt(0));
      rejected.add(new Rejection(line, entry.path("detail").asString(entry.toString())));
    }
    return rejected;
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while the gateway was busy", e);
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException(
        "%s: cannot be read or its offset written (%s)".formatted(file, e), e);
  }
}
