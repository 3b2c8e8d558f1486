package dev.tributary.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  @Test
  void looksAtEverythingAndFindsTheBuildMachineFit() {
    CliRun run = CliRun.of("doctor");

    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertEquals(
        List.of("java", "processor", "memory", "gpu", "kernels", "tokenizers"),
        run.out().lines().map(line -> line.split("\t")[0]).distinct().collect(Collectors.toList()));
    assertTrue(run.out().contains("kernels\tok\tonednn-"), run.out());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsBroken() throws IOException {
    int port = unusedPort();

    CliRun run = CliRun.of("doctor", "--bootstrap-server", "127.0.0.1:" + port);

    assertEquals(1, run.exitCode(), run.out());
    assertTrue(
        run.out().contains("broker\tbroken\t127.0.0.1:" + port + " does not answer"), run.out());
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
