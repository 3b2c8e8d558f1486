package dev.tributary.platform.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The child JVM's command line. */
final class BrokerProcess {

  private BrokerProcess() {}

  /** Starts the child; its log and error output are appended to files in the broker's directory. */
  static Process start(BrokerOptions options, Path settings) throws IOException {
    // A signal ignored before exec stays ignored: Ctrl-C and a closed terminal reach the parent
    // alone.
    List<String> command =
        List.of(
            "/bin/sh",
            "-c",
            "trap '' INT HUP; exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + options.heap(),
            "-XX:+UseSerialGC",
            "-Dlogback.configurationFile=logback-broker.xml",
            "-Dtributary.broker.log=" + logFile(options),
            "-cp",
            options.classPath(),
            "dev.tributary.broker.BrokerMain",
            settings.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(options.directory().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(errorFile(options).toFile()));
    // Flags meant for this JVM (a debugger, an agent) must not reach the child.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder.start();
  }

  static Path logFile(BrokerOptions options) {
    return options.directory().resolve("broker.log");
  }

  static Path errorFile(BrokerOptions options) {
    return options.directory().resolve("broker.err");
  }
}
