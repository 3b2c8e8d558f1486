import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ("check") or mends ("write") the layout and imports of every Java file below a folder. */
final class Format {

  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    List<Path> wrong = new ArrayList<>();
    Formatter formatter = new Formatter();
    for (Path file : sources(Path.of(args[1]))) {
      String before = Files.readString(file);
      String after;
      try {
        after =
            formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(before));
      } catch (Exception e) {
        throw new IllegalStateException(file + " cannot be parsed", e);
      }
      if (!after.equals(before)) {
        wrong.add(file);
        if (write) {
          Files.writeString(file, after);
        }
      }
    }
    if (!write && !wrong.isEmpty()) {
      wrong.forEach(file -> System.err.println("layout: " + file));
      System.err.println(wrong.size() + " file(s) are not laid out as agreed; run .ci/format");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws Exception {
    try (var paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().matches("(.*/)?target/.*"))
          .sorted()
          .toList();
    }
  }
}
