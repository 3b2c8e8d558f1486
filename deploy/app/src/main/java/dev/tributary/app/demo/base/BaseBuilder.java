package dev.tributary.app.demo.base;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tokenizer.BpeTrainer;
import dev.tributary.engine.tokenizer.BpeVocabulary;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.engine.train.FullTrainer;
import dev.tributary.engine.train.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Makes a base model from nothing but the book of a world: text, tokenizer, weights. */
final class BaseBuilder {

  private static final String END = "<|end|>";
  private static final int SHOP_TEXTS_AN_ECHO = 3;
  private static final List<String> SPECIAL =
      List.of("<|user|>", "<|assistant|>", "<|system|>", END);

  private final BaseRecipe recipe;
  private final Kernels kernels;
  private final Corpus corpus;
  private final Echoes echoes = Echoes.load();

  BaseBuilder(World world, BaseRecipe recipe, Kernels kernels) {
    this.corpus = new Corpus(world);
    this.recipe = recipe;
    this.kernels = kernels;
  }

  /**
   * @param directory gets a complete Hugging Face model directory
   * @param onStep told after every step
   */
  void build(Path directory, Consumer<StepResult> onStep) throws IOException {
    Files.createDirectories(directory);
    BpeVocabulary vocabulary =
        new BpeTrainer(SPECIAL, recipe.vocabularySize())
            .train(
                corpus.texts(recipe.vocabularyTexts(), recipe.seed()).stream()
                    .map(Corpus.Text::words));
    writeTokenizer(vocabulary, directory);
    ModelConfig config = recipe.model(vocabulary.size());
    ParameterBlock weights = ModelLayout.read(config, BaseWeights.fresh(config, recipe.seed()));
    train(config, weights, directory, onStep);
    BaseWeights.write(config, weights, directory, vocabulary.id(END));
  }

  private void train(
      ModelConfig config, ParameterBlock weights, Path directory, Consumer<StepResult> onStep) {
    var batch = new PackedBatch(recipe.batchTokens(), recipe.batchTokens() / 2);
    Iterator<TokenizedExample> examples = examples(directory);
    TokenizedExample next = examples.next();
    try (var trainer =
        new FullTrainer(config, weights, kernels, recipe.batchTokens(), recipe.optimizer())) {
      for (int step = 0; step < recipe.steps(); step++) {
        batch.clear();
        while (batch.add(next)) {
          next = examples.next();
        }
        onStep.accept(trainer.step(batch, null));
      }
    }
  }

  /** Ever new texts: after so many of the shop's, one that teaches letters and copying. */
  private Iterator<TokenizedExample> examples(Path directory) {
    Tokenizer tokenizer = Tokenizer.load(directory);
    ChatTemplate template = ChatTemplate.load(directory);
    var encoder = new ExampleEncoder(tokenizer, template, BaseRecipe.CONTEXT_LENGTH);
    List<String> pieces = pieces(tokenizer);
    return LongStream.iterate(recipe.seed() + 1, seed -> seed + 1)
        .boxed()
        .flatMap(seed -> texts(pieces, seed))
        .map(
            text ->
                text.messages().isEmpty()
                    ? encoder.text(text.plain()).example()
                    : TokenizedExample.text(
                        tokenizer.encodeRendered(template.render(text.messages(), false))))
        .iterator();
  }

  /** What the tokenizer's tokens spell, as far as it can stand in a word. */
  private static List<String> pieces(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.vocabularySize())
        .filter(id -> !tokenizer.isSpecial(id))
        .mapToObj(id -> tokenizer.decode(new int[] {id}))
        .filter(piece -> piece.codePoints().allMatch(c -> c == ' ' || c > ' ' && c < 0x7f))
        .filter(piece -> !piece.isBlank())
        .toList();
  }

  private Stream<Corpus.Text> texts(List<String> pieces, long seed) {
    var random = new SplittableRandom(seed);
    List<Corpus.Text> shop = corpus.texts(1_000, seed);
    return IntStream.range(0, shop.size())
        .boxed()
        .flatMap(
            i ->
                i % SHOP_TEXTS_AN_ECHO == 0
                    ? Stream.of(echoes.text(pieces, random), shop.get(i))
                    : Stream.of(shop.get(i)));
  }

  private static void writeTokenizer(BpeVocabulary vocabulary, Path directory) throws IOException {
    vocabulary.write(directory.resolve("tokenizer.json"));
    for (String file :
        List.of("tokenizer_config.json", "generation_config.json", "chat_template.jinja")) {
      Files.writeString(directory.resolve(file), Book.resource(file));
    }
  }
}
