package dev.tributary.platform.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decompresses request bodies, within the route's limit and a ratio no honest text reaches. */
final class Gunzip {

  /** Decompressed over compressed size; JSON text compresses 5 to 20 times, a bomb 1,028 times. */
  static final int MAX_RATIO = 100;

  private static final int BUFFER = 8192;

  private Gunzip() {}

  /**
   * @throws HttpException 413 as soon as more comes out than the limit or the ratio allows, 400
   *     when it is not gzip
   */
  static byte[] decompress(
      byte[] compressed, int limit, BodyBudget budget, BodyBudget.Lease lease) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, compressed.length * 4));
    byte[] buffer = new byte[BUFFER];
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (out.size() + read > limit) {
          throw HttpException.tooLarge(
              "the body is larger than %d bytes once decompressed".formatted(limit));
        }
        if (out.size() + read > (long) compressed.length * MAX_RATIO) {
          throw HttpException.tooLarge(
              "the body decompresses to more than %d times its size".formatted(MAX_RATIO));
        }
        budget.take(lease, read);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      throw HttpException.badRequest(
          "invalid_gzip", "the body is not complete gzip: " + e.getMessage());
    }
    return out.toByteArray();
  }
}
