package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationListener;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tokenizer.StreamingDecoder;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.Set;

/** The engine's generator and the model's tokenizer, as one source of texts. */
final class EngineTextGenerator implements TextGenerator {

  private final BatchGenerator generator;
  private final Tokenizer tokenizer;
  private final Set<Integer> stopTokenIds;

  /** Takes the generator over and closes it. */
  EngineTextGenerator(BatchGenerator generator, Tokenizer tokenizer) {
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.stopTokenIds = tokenizer.eosId().map(Set::of).orElse(Set.of());
  }

  @Override
  public int maxTexts() {
    return generator.maxTexts();
  }

  @Override
  public int size() {
    return generator.size();
  }

  @Override
  public void begin(Optional<LoraAdapter> adapter, int[] prompt, Draw draw, Listener listener) {
    GenerationOptions options =
        new GenerationOptions(
            draw.maxTokens(), draw.temperature(), draw.topP(), stopTokenIds, draw.seed());
    generator.add(
        new GenerationRequest(adapter.orElse(null), prompt, options),
        new Decoding(tokenizer.streamingDecoder(), listener));
  }

  @Override
  public void step() {
    generator.step();
  }

  @Override
  public void clear() {
    generator.clear();
  }

  @Override
  public void close() {
    generator.close();
  }

  /** From the tokens of one text to its characters. */
  private record Decoding(StreamingDecoder decoder, Listener listener)
      implements GenerationListener {

    @Override
    public boolean accept(int token) {
      return listener.text(decoder.accept(token));
    }

    @Override
    public void ended(Generation generation) {
      if (generation.reason() != Generation.FinishReason.CANCELLED) {
        listener.text(decoder.finish());
      }
      listener.ended(new Ending(generation.tokens().size(), reason(generation)));
    }

    @Override
    public void failed(RuntimeException cause) {
      listener.failed(cause);
    }

    private static FinishReason reason(Generation generation) {
      return generation.reason() == Generation.FinishReason.LENGTH
          ? FinishReason.LENGTH
          : FinishReason.STOP;
    }
  }
}
