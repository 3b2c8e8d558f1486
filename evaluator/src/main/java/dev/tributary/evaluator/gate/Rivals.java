package dev.tributary.evaluator.gate;

/**
 * What a candidate is compared with, as explanations call it.
 *
 * @param reference the release that answers now, such as {@code acme.support@v3}, or {@link #BASE}
 * @param best the best release ever, where it is another one than the reference
 */
public record Rivals(String reference, String best) {

  /** The base model without an adapter. */
  public static final String BASE = "the base model";

  boolean referenceIsBase() {
    return reference.equals(BASE);
  }
}
