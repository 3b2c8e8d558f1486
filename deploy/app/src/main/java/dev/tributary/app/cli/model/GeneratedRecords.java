package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.ReportJson;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationListener;
import java.util.HashMap;
import java.util.Map;

/**
 * Prints the texts of a file of prompts, a line of JSON each, in the order of the file: one that is
 * ready early waits for those before it. Not for several threads.
 */
final class GeneratedRecords {

  private final Console console;
  private final Map<Integer, GeneratedRecord> ready = new HashMap<>();
  private int printed;
  private long tokens;
  private RuntimeException failure;

  GeneratedRecords(Console console) {
    this.console = console;
  }

  /**
   * Hears of one text.
   *
   * @param record its number, from 1
   */
  GenerationListener listener(int record, int promptTokens, StreamedText text) {
    return new GenerationListener() {
      @Override
      public boolean accept(int token) {
        return text.accept(token);
      }

      @Override
      public void ended(Generation generation) {
        text.finish();
        int made = generation.tokens().size();
        put(
            new GeneratedRecord(
                record, text.whole(), text.finishReason(generation), promptTokens, made));
      }

      @Override
      public void failed(RuntimeException cause) {
        failure = cause;
      }
    };
  }

  private void put(GeneratedRecord text) {
    tokens += text.completionTokens();
    ready.put(text.record(), text);
    while (ready.containsKey(printed + 1)) {
      printed++;
      console.out().println(ReportJson.line(ready.remove(printed)));
    }
    console.out().flush();
  }

  /** Tokens made so far. */
  long tokens() {
    return tokens;
  }

  /** Throws what failed a text, if any did. */
  void check() {
    if (failure != null) {
      throw failure;
    }
  }
}
