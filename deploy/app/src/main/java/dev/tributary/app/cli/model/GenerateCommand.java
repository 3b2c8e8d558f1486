package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.engine.data.PromptForms;
import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary generate}: lets a model go on with a text, or with many at once. */
@Command(
    name = "generate",
    description =
        "Let a model go on with a prompt; the text appears as it is made. Or with every prompt of a"
            + " file, several at once. No Kafka needed.",
    footer = {
      "",
      "A file of prompts has one JSON object a line: {\"prompt\"}, {\"messages\"} (a conversation,",
      "through the chat template) or {\"input_ids\"}. One line of JSON comes out for each, in the",
      "same order: record, text, finish_reason (stop or length), prompt_tokens, completion_tokens.",
      "Tokens a second go to standard error.",
      "",
      "Examples:",
      "  tributary generate --model gpt2 --prompt 'Our returns policy'",
      "  tributary generate --model gpt2 --adapter adapter --chat --prompt 'May I return shoes?'",
      "  tributary generate --model gpt2 --prompt 'Once' --temperature 0.8 --top-p 0.9 --seed 7",
      "  tributary generate --model qwen --prompts questions.jsonl --batch-size 32 > answers.jsonl"
    })
public final class GenerateCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ModelOptions options;

  @ArgGroup(multiplicity = "1")
  private Prompts prompts;

  /** One prompt or a file of them. */
  private static final class Prompts {

    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        required = true,
        description = "What to go on with.")
    private String prompt;

    @Option(
        names = "--prompts",
        paramLabel = "FILE",
        required = true,
        description = "JSONL file of prompts, see below.")
    private Path file;
  }

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Texts of a file made at once; default ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--chat",
      description =
          "Take a prompt as a user's message and render it with the model's chat template.")
  private boolean chat;

  @Mixin private SamplingOptions sampling;

  @Mixin private OutputOption output;

  public GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    sampling.check();
    if (prompts.file != null && output.format() == OutputFormat.YAML) {
      throw ConfigException.of(
          "-o", output.format(), "leave it out: --prompts gives lines of JSON");
    }
    BaseModel model = options.load();
    Tokenizer tokenizer = Tokenizer.load(options.directory());
    Optional<ChatTemplate> template =
        chat || prompts.file != null
            ? Optional.of(ChatTemplate.load(options.directory()))
            : Optional.empty();
    PromptForms forms =
        new PromptForms(
            tokenizer,
            template,
            model.config().contextLength(),
            model.config().vocabularySize(),
            chat);
    if (prompts.file == null) {
      generateOne(model, tokenizer, forms);
    } else {
      generateAll(model, tokenizer, forms.read(prompts.file));
    }
    return 0;
  }

  private void generateOne(BaseModel model, Tokenizer tokenizer, PromptForms forms) {
    int[] prompt;
    try {
      prompt = forms.encode(prompts.prompt);
    } catch (BadRecordException e) {
      throw new ConfigException("--prompt: " + e.getMessage(), e);
    }
    StreamedText text =
        new StreamedText(tokenizer.streamingDecoder(), sampling.stopMatcher(), this::show);
    try (Generator generator = new Generator(model, model.config().contextLength())) {
      LoraAdapter adapter = options.adapterOrNull(model);
      long start = System.nanoTime();
      Generation generation =
          generator.generate(
              adapter, prompt, sampling.options(endTokens(tokenizer), 0), text::accept);
      text.finish();
      long nanos = System.nanoTime() - start;
      report(text, generation);
      noteSpeed(1, generation.tokens().size(), nanos);
    }
  }

  private void show(String piece) {
    if (output.format() == OutputFormat.TABLE) {
      console.out().print(piece);
      console.out().flush();
    }
  }

  private void report(StreamedText text, Generation generation) {
    if (output.format() == OutputFormat.TABLE) {
      console.out().println();
      return;
    }
    GeneratedText result =
        new GeneratedText(
            prompts.prompt,
            text.whole(),
            generation.tokens().size(),
            text.finishReason(generation));
    new Listing(console, output.format())
        .print(result, List.of(Column.of("TEXT", GeneratedText::text)), List.of(result));
  }

  private void generateAll(BaseModel model, Tokenizer tokenizer, List<int[]> all) {
    if (all.isEmpty()) {
      throw new ConfigException(prompts.file + " holds no prompts; give one JSON object a line");
    }
    LoraAdapter adapter = options.adapterOrNull(model);
    Set<Integer> ends = endTokens(tokenizer);
    GeneratedRecords records = new GeneratedRecords(console);
    try (BatchGenerator generator =
        new BatchGenerator(model, model.config().contextLength(), batchSize)) {
      for (int i = 0; i < all.size(); i++) {
        StreamedText text =
            new StreamedText(tokenizer.streamingDecoder(), sampling.stopMatcher(), piece -> {});
        generator.add(
            new GenerationRequest(adapter, all.get(i), sampling.options(ends, i)),
            records.listener(i + 1, all.get(i).length, text));
      }
      long start = System.nanoTime();
      while (generator.size() > 0) {
        generator.step();
        records.check();
      }
      noteSpeed(all.size(), records.tokens(), System.nanoTime() - start);
    }
  }

  private static Set<Integer> endTokens(Tokenizer tokenizer) {
    return tokenizer.eosId().stream().collect(Collectors.toUnmodifiableSet());
  }

  private void noteSpeed(int texts, long tokens, long nanos) {
    double seconds = nanos / 1e9;
    console.note(
        String.format(
            Locale.ROOT,
            "%d %s, %d tokens in %.2f s: %.1f tokens/s",
            texts,
            texts == 1 ? "text" : "texts",
            tokens,
            seconds,
            tokens / seconds));
  }
}
