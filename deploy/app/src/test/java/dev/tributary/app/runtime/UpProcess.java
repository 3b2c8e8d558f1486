package dev.tributary.app.runtime;

import dev.tributary.app.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code tributary up} in a process of its own, as the launcher starts it. */
final class UpProcess implements AutoCloseable {

  private static final int READY_SECONDS = 120;

  private final Process process;
  private final Path errors;

  private UpProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  static UpProcess start(Path config, Path errors) throws IOException {
    return command(errors, "up", "--config", config.toString());
  }

  /** Any command of the program, in a process of its own. */
  static UpProcess command(Path errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What the build gives this process; the launcher gives the program the same.
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
            .start();
    return new UpProcess(process, errors);
  }

  /**
   * What it prints once everything is ready: the address of each part by name.
   *
   * @throws AssertionError if it ends before, or is not ready in time; with what all its threads do
   */
  Map<String, String> awaitAddresses() throws Exception {
    try {
      return CompletableFuture.supplyAsync(this::readAddresses, UpProcess::onThreadOfItsOwn)
          .get(READY_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          "not ready after %d s:%n%s%n%s".formatted(READY_SECONDS, errorText(), threads()), e);
    }
  }

  private static void onThreadOfItsOwn(Runnable reading) {
    Thread.ofPlatform().daemon().start(reading);
  }

  private Map<String, String> readAddresses() {
    Map<String, String> addresses = new LinkedHashMap<>();
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      while (!addresses.containsKey("broker")) {
        String line = out.readLine();
        if (line == null) {
          throw new AssertionError("it ended before it was ready:\n" + errorText());
        }
        String[] pair = line.split("\t", 2);
        addresses.put(pair[0], pair[1]);
      }
      return addresses;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stacks of all its threads. */
  private String threads() throws IOException, InterruptedException {
    Path stacks = errors.resolveSibling(errors.getFileName() + "-threads");
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "Thread.print", "-l")
        .redirectErrorStream(true)
        .redirectOutput(stacks.toFile())
        .start()
        .waitFor(10, TimeUnit.SECONDS);
    return Files.readString(stacks);
  }

  /** Its only child. */
  ProcessHandle broker() {
    return process.children().findFirst().orElseThrow();
  }

  boolean hasChild() {
    return process.children().findFirst().isPresent();
  }

  /** What a terminal sends on Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /** Ends it as a crash would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Its exit code, or -1 if it is still alive after so long. */
  int awaitExit(int seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  String errorText() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
