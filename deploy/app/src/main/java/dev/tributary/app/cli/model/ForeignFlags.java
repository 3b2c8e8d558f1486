package dev.tributary.app.cli.model;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What other fine-tuning tools call the flags of {@code tune}: not taken, but answered with our
 * name.
 */
final class ForeignFlags {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"--lora-r", "--lora-rank", "--rank"},
      hidden = true)
  private void rank(String value) {
    throw called("--r", value);
  }

  @Option(
      names = {"--lora-target", "--lora-target-modules"},
      hidden = true)
  private void targets(String value) {
    throw called("--target-modules", value);
  }

  @Option(
      names = {"--cutoff-len", "--sequence-len", "--max-seq-length"},
      hidden = true)
  private void length(String value) {
    throw called("--max-length", value);
  }

  @Option(
      names = {"--batch-size", "--micro-batch-size"},
      hidden = true)
  private void batch(String value) {
    throw called("--per-device-train-batch-size", value);
  }

  @Option(
      names = {"--finetuning-type", "--adapter", "--peft-type"},
      hidden = true)
  private void method(String value) {
    throw called("--method", value);
  }

  @Option(
      names = {"--model-name-or-path", "--base-model"},
      hidden = true)
  private void model(String value) {
    throw called("--model", value);
  }

  @Option(
      names = {"--dataset", "--train-file"},
      hidden = true)
  private void data(String value) {
    throw called("--data", value);
  }

  @Option(
      names = {"--eval-file", "--validation-file", "--eval-dataset"},
      hidden = true)
  private void evalData(String value) {
    throw called("--eval-data", value);
  }

  @Option(names = "--output-dir", hidden = true)
  private void out(String value) {
    throw called("--out", value);
  }

  private ParameterException called(String ours, String value) {
    return new ParameterException(
        command.commandLine(),
        "another tool's name; Tributary calls it '%s': write %s %s".formatted(ours, ours, value));
  }
}
