package dev.tributary.app.cli.model;

import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.tokenizer.StreamingDecoder;
import dev.tributary.evaluator.serve.generate.StopMatcher;
import java.util.Locale;
import java.util.function.Consumer;

/** Turns the tokens of one text into characters as they come, up to a stop text. */
final class StreamedText {

  private final StreamingDecoder decoder;
  private final StopMatcher stop;
  private final Consumer<String> onPiece;
  private final StringBuilder whole = new StringBuilder();

  /**
   * @param onPiece takes what is sure to be part of the text
   */
  StreamedText(StreamingDecoder decoder, StopMatcher stop, Consumer<String> onPiece) {
    this.decoder = decoder;
    this.stop = stop;
    this.onPiece = onPiece;
  }

  /** Whether to go on after this token. */
  boolean accept(int token) {
    show(stop.push(decoder.accept(token)));
    return !stop.matched();
  }

  /** Shows what was held back. */
  void finish() {
    show(stop.push(decoder.finish()));
    show(stop.finish());
  }

  String whole() {
    return whole.toString();
  }

  /** {@code stop} or {@code length}, as OpenAI's API says it. */
  String finishReason(Generation generation) {
    return stop.matched() ? "stop" : generation.reason().name().toLowerCase(Locale.ROOT);
  }

  private void show(String piece) {
    whole.append(piece);
    onPiece.accept(piece);
  }
}
