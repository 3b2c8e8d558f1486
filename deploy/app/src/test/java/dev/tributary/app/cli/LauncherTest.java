package dev.tributary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code deploy/tributary}, in a copy of the layout whose Java and Maven only say what
 * they were asked.
 */
class LauncherTest {

  @TempDir Path home;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectories(home.resolve("deploy"));
    Files.copy(Path.of("../tributary"), home.resolve("deploy/tributary"));
    Files.createDirectories(home.resolve("jdk/bin"));
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    script(home.resolve("jdk/bin/java"), "printf '%s\\n' \"$@\"");
  }

  @Test
  void theProgramIsRunWithItsFlagsAndArgumentsUnchanged() throws Exception {
    built();

    Run run = launch("tune", "--out", "a b", "*");

    assertEquals(0, run.exitCode, run.err);
    List<String> arguments = run.out.lines().toList();
    assertTrue(arguments.contains("--enable-native-access=ALL-UNNAMED"), run.out);
    assertTrue(arguments.contains("--add-modules=jdk.incubator.vector"), run.out);
    assertTrue(arguments.contains("-Dai.djl.offline=true"), run.out);
    assertTrue(arguments.contains("-Dtributary.home=" + home.toRealPath()), run.out);
    int main = arguments.indexOf("dev.tributary.app.cli.Main");
    assertEquals(
        List.of("tune", "--out", "a b", "*"), arguments.subList(main + 1, arguments.size()));
    assertEquals("", run.err);
  }

  @Test
  void commandsThatComputeNothingStartWithoutTheVectorModule() throws Exception {
    built();

    assertFalse(launch("--help").out.contains("jdk.incubator.vector"));
  }

  @Test
  void whatIsMissingIsBuiltFirst() throws Exception {
    script(home.resolve("bin/mvn"), "echo \"mvn $*\" >&2; pwd >&2");

    Run run = launch("--help");

    assertEquals(0, run.exitCode, run.err);
    assertTrue(run.err.contains("tributary: building what is missing with Maven"), run.err);
    assertTrue(run.err.contains("mvn -q -B -DskipTests package\n" + home.toRealPath()), run.err);
  }

  @Test
  void aFailedBuildEndsWithOneAndNothingIsRun() throws Exception {
    script(home.resolve("bin/mvn"), "exit 1");

    Run run = launch("--help");

    assertEquals(1, run.exitCode);
    assertTrue(run.err.contains("the build failed"), run.err);
    assertEquals("", run.out);
  }

  @Test
  void anotherJavaIsNotTaken() throws Exception {
    built();
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");

    Run run = launch("--help");

    // A JDK 25 elsewhere on this machine may be found instead; the fake one must not be.
    assertFalse(run.out.contains("-Dtributary.home"), run.out);
  }

  private void built() throws IOException {
    for (String module : List.of("app", "broker")) {
      Path target = home.resolve("deploy/" + module + "/target");
      Files.createDirectories(target.resolve("lib"));
      Files.createFile(target.resolve("tributary-" + module + "-1.jar"));
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run launch(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", home.resolve("deploy/tributary").toString()));
    command.addAll(List.of(arguments));
    Path out = home.resolve("out");
    Path err = home.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "TRIBUTARY_JAVA_HOME", home.resolve("jdk").toString(),
                "HOME", home.toString(),
                "PATH", home.resolve("bin") + ":/usr/bin:/bin"));
    int exitCode = builder.start().waitFor();
    return new Run(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
