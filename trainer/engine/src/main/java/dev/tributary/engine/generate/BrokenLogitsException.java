package dev.tributary.engine.generate;

/** Logits that are not finite, from which no token can be chosen. Only their text is affected. */
public final class BrokenLogitsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenLogitsException(float largest) {
    super(
        "the largest logit is "
            + largest
            + ": weights of the model or the adapter are not finite; use another version");
  }
}
