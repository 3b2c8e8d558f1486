package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tokenizer.StreamingDecoder;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The engine's generator and the model's tokenizer, as one source of text. */
final class EngineTextGenerator implements TextGenerator {

  private final Generator generator;
  private final Tokenizer tokenizer;
  private final Set<Integer> stopTokenIds;

  /** Takes the generator over and closes it. */
  EngineTextGenerator(Generator generator, Tokenizer tokenizer) {
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.stopTokenIds = tokenizer.eosId().map(Set::of).orElse(Set.of());
  }

  @Override
  public Ending generate(
      Optional<LoraAdapter> adapter, int[] prompt, Draw draw, Predicate<String> onText) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    Generation generation =
        generator.generate(
            adapter.orElse(null),
            prompt,
            new GenerationOptions(
                draw.maxTokens(), draw.temperature(), draw.topP(), stopTokenIds, draw.seed()),
            token -> onText.test(decoder.accept(token)));
    if (generation.reason() != Generation.FinishReason.CANCELLED) {
      onText.test(decoder.finish());
    }
    return new Ending(generation.tokens().size(), reason(generation));
  }

  private static FinishReason reason(Generation generation) {
    return generation.reason() == Generation.FinishReason.LENGTH
        ? FinishReason.LENGTH
        : FinishReason.STOP;
  }

  @Override
  public void close() {
    generator.close();
  }
}
