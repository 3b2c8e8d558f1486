package dev.tributary.trainer.pack;

/**
 * When a micro-batch is full.
 *
 * @param maxTokens tokens of new examples, at least as many as one example may have
 * @param maxRecords examples, at least 1
 * @param lingerMillis how long after its first example, in log-append time, an example still joins;
 *     counted anew from each 16th, up to 32 times as long
 */
public record BatchLimits(int maxTokens, int maxRecords, long lingerMillis) {

  public BatchLimits {
    if (maxTokens < 1 || maxRecords < 1 || lingerMillis < 0) {
      throw new IllegalArgumentException(
          "no room for an example: %d tokens, %d records, %d ms"
              .formatted(maxTokens, maxRecords, lingerMillis));
    }
  }
}
