package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.StreamingDecoder;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.serve.generate.StopMatcher;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary generate}: lets a model go on with a text. */
@Command(
    name = "generate",
    description =
        "Let a model go on with a prompt; the text appears as it is made. No Kafka needed.",
    footer = {
      "",
      "Examples:",
      "  tributary generate --model gpt2 --prompt 'Our returns policy'",
      "  tributary generate --model gpt2 --adapter adapter --chat --prompt 'May I return shoes?'",
      "  tributary generate --model gpt2 --prompt 'Once' --temperature 0.8 --top-p 0.9 --seed 7"
    })
public final class GenerateCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ModelOptions options;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "What to go on with.")
  private String prompt;

  @Option(
      names = "--chat",
      description =
          "Take the prompt as a user's message and render it with the model's chat template.")
  private boolean chat;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Most tokens to make; default ${DEFAULT-VALUE}.")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "0",
      description = "0 takes the likeliest token each time; default ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "Draw from the likeliest tokens that reach this share; default ${DEFAULT-VALUE}.")
  private double topP;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End before this text; may be given several times.")
  private List<String> stops = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the draws; default ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private OutputOption output;

  public GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw ConfigException.of("--stop", "", "give a text of at least one character");
    }
    BaseModel model = options.load();
    Tokenizer tokenizer = Tokenizer.load(options.directory());
    int[] ids = promptIds(model, tokenizer);
    Set<Integer> ends = tokenizer.eosId().stream().collect(Collectors.toUnmodifiableSet());
    GenerationOptions how = new GenerationOptions(maxNewTokens, temperature, topP, ends, seed);

    StreamedText text = new StreamedText(tokenizer.streamingDecoder(), new StopMatcher(stops));
    try (Generator generator = new Generator(model, model.config().contextLength())) {
      Generation generation =
          generator.generate(options.adapterOrNull(model), ids, how, text::accept);
      text.finish();
      report(text, generation);
    }
    return 0;
  }

  private int[] promptIds(BaseModel model, Tokenizer tokenizer) {
    int[] ids =
        chat
            ? new ExampleEncoder(
                    tokenizer,
                    ChatTemplate.load(options.directory()),
                    model.config().contextLength())
                .chatPrompt(List.of(ChatMessage.user(prompt)))
            : tokenizer.encode(prompt);
    int room = model.config().contextLength() - 1;
    if (ids.length == 0 || ids.length > room) {
      throw ConfigException.of(
          "--prompt", ids.length + " tokens", "give 1 to %d tokens".formatted(room));
    }
    return ids;
  }

  private void report(StreamedText text, Generation generation) {
    if (output.format() == OutputFormat.TABLE) {
      console.out().println();
      return;
    }
    String reason = text.stopped() ? "stop" : GeneratedText.lower(generation.reason());
    GeneratedText result =
        new GeneratedText(prompt, text.whole(), generation.tokens().size(), reason);
    new Listing(console, output.format())
        .print(result, List.of(Column.of("TEXT", GeneratedText::text)), List.of(result));
  }

  /** Turns tokens into text as they come, and prints it where nothing else is asked for. */
  private final class StreamedText {

    private final StreamingDecoder decoder;
    private final StopMatcher stop;
    private final StringBuilder whole = new StringBuilder();

    StreamedText(StreamingDecoder decoder, StopMatcher stop) {
      this.decoder = decoder;
      this.stop = stop;
    }

    boolean accept(int token) {
      show(stop.push(decoder.accept(token)));
      return !stop.matched();
    }

    void finish() {
      show(stop.push(decoder.finish()));
      show(stop.finish());
    }

    boolean stopped() {
      return stop.matched();
    }

    String whole() {
      return whole.toString();
    }

    private void show(String piece) {
      whole.append(piece);
      if (output.format() == OutputFormat.TABLE) {
        console.out().print(piece);
        console.out().flush();
      }
    }
  }
}
