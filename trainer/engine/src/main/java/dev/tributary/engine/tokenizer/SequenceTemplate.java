package dev.tributary.engine.tokenizer;

import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Which special tokens a model wants around one text, and around two: the {@code post_processor} of
 * a {@code tokenizer.json}. Immutable.
 *
 * @param single for one text
 * @param pair for two
 */
public record SequenceTemplate(Form single, Form pair) {

  /**
   * Token ids and the type of each.
   *
   * @param types as long as {@code ids}
   */
  public record Tokens(int[] ids, int[] types) {}

  /** Where a token of a sequence comes from. */
  private enum Source {
    SPECIAL,
    FIRST,
    SECOND
  }

  /**
   * One part of a sequence.
   *
   * @param id the special token, if it is one
   */
  private record Part(Source source, int id, int type) {}

  /** The order of texts and special tokens. */
  public static final class Form {

    private final List<Part> parts;

    private Form(List<Part> parts) {
      this.parts = List.copyOf(parts);
    }

    /** How many tokens this adds to those of the texts. */
    public int specialTokens() {
      return (int) parts.stream().filter(part -> part.source == Source.SPECIAL).count();
    }

    /** The special tokens before the first text. */
    int[] prefix() {
      return parts.stream()
          .takeWhile(part -> part.source == Source.SPECIAL)
          .mapToInt(Part::id)
          .toArray();
    }

    /** Puts the texts in their places. */
    public Tokens fill(int[] first, int[] second) {
      int length = specialTokens() + first.length + second.length;
      int[] ids = new int[length];
      int[] types = new int[length];
      int at = 0;
      for (Part part : parts) {
        int[] tokens =
            switch (part.source) {
              case SPECIAL -> new int[] {part.id};
              case FIRST -> first;
              case SECOND -> second;
            };
        for (int token : tokens) {
          ids[at] = token;
          types[at++] = part.type;
        }
      }
      return new Tokens(ids, types);
    }
  }

  /**
   * @param postProcessor as it stands in {@code tokenizer.json}; nothing means no special tokens
   * @param file for messages
   * @throws ConfigException if it is of a kind that is not known here
   */
  static SequenceTemplate of(JsonNode postProcessor, Path file) {
    String type = postProcessor.path("type").asString("");
    return switch (type) {
      case "", "ByteLevel" -> plain(); // ByteLevel moves offsets, no tokens.
      case "Sequence" -> onlyOne(postProcessor, file);
      case "TemplateProcessing" ->
          new SequenceTemplate(
              form(postProcessor, "single", file), form(postProcessor, "pair", file));
      case "BertProcessing" -> bert(postProcessor);
      default ->
          throw new ConfigException(
              "%s: post_processor.type: '%s' is not known here; use TemplateProcessing"
                      .formatted(file, type)
                  + " or BertProcessing");
    };
  }

  /** Of several processors, as Llama 3 has them, the one that adds tokens. */
  private static SequenceTemplate onlyOne(JsonNode json, Path file) {
    List<SequenceTemplate> adding = new ArrayList<>();
    for (JsonNode processor : json.path("processors")) {
      SequenceTemplate template = of(processor, file);
      if (template.single.specialTokens() + template.pair.specialTokens() > 0) {
        adding.add(template);
      }
    }
    if (adding.size() > 1) {
      throw new ConfigException(
          "%s: post_processor.processors: %d of them add tokens; use one TemplateProcessing"
              .formatted(file, adding.size()));
    }
    return adding.isEmpty() ? plain() : adding.getFirst();
  }

  private static SequenceTemplate plain() {
    Part first = new Part(Source.FIRST, 0, 0);
    return new SequenceTemplate(
        new Form(List.of(first)), new Form(List.of(first, new Part(Source.SECOND, 0, 1))));
  }

  private static SequenceTemplate bert(JsonNode json) {
    int separator = json.path("sep").path(1).asInt();
    List<Part> single =
        List.of(
            new Part(Source.SPECIAL, json.path("cls").path(1).asInt(), 0),
            new Part(Source.FIRST, 0, 0),
            new Part(Source.SPECIAL, separator, 0));
    List<Part> pair = new ArrayList<>(single);
    pair.add(new Part(Source.SECOND, 0, 1));
    pair.add(new Part(Source.SPECIAL, separator, 1));
    return new SequenceTemplate(new Form(single), new Form(pair));
  }

  private static Form form(JsonNode json, String name, Path file) {
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : json.path(name)) {
      JsonNode special = part.path("SpecialToken");
      JsonNode sequence = part.path("Sequence");
      if (sequence.isObject()) {
        boolean first = sequence.path("id").asString("").equals("A");
        parts.add(
            new Part(first ? Source.FIRST : Source.SECOND, 0, sequence.path("type_id").asInt()));
      } else {
        String token = special.path("id").asString("");
        JsonNode ids = json.path("special_tokens").path(token).path("ids");
        if (ids.isEmpty()) {
          throw new ConfigException(
              "%s: post_processor.special_tokens: '%s' has no ids; save the tokenizer again"
                  .formatted(file, token));
        }
        for (JsonNode id : ids) {
          parts.add(new Part(Source.SPECIAL, id.asInt(), special.path("type_id").asInt()));
        }
      }
    }
    return new Form(parts);
  }
}
