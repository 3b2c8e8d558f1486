package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.HttpException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits a body of newline-delimited JSON. Blank lines are skipped but counted. */
final class NdjsonLines {

  /**
   * A line with something on it.
   *
   * @param number from 1
   */
  record Line(int number, byte[] bytes) {}

  private NdjsonLines() {}

  /**
   * @throws HttpException 413 when there are more lines than that
   */
  static List<Line> of(byte[] body, int maxLines) {
    List<Line> lines = new ArrayList<>();
    int number = 1;
    int start = 0;
    for (int i = 0; i <= body.length; i++) {
      if (i == body.length || body[i] == '\n') {
        if (lines.size() == maxLines) {
          throw HttpException.tooLarge(
              "the batch has more than %d lines; send fewer at a time".formatted(maxLines));
        }
        if (!isBlank(body, start, i)) {
          lines.add(new Line(number, Arrays.copyOfRange(body, start, i)));
        }
        number++;
        start = i + 1;
      }
    }
    return lines;
  }

  private static boolean isBlank(byte[] body, int from, int to) {
    for (int i = from; i < to; i++) {
      if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
