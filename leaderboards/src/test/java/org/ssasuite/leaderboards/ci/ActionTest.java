package org.ssasuite.leaderboards.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Suite;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.TinyModel;
import org.w3c.dom.Element;

/** {@code action.yml}: its one step in a plain shell, with the variables that a runner sets. */
class ActionTest {
  private static final Path ROOT = Terminal.HOME.root();

  @TempDir Path folder;
  private final Map<String, String> inputs = new TreeMap<>();

  @BeforeEach
  void model() throws IOException {
    inputs.put("model", TinyModel.write(folder).toString());
    inputs.put("data", TinyModel.data(folder).toString());
    inputs.put("out", folder.resolve("out").toString());
    inputs.put("lengths", "64");
  }

  private static String action() throws IOException {
    return Files.readString(ROOT.resolve("action.yml"));
  }

  private static Map<String, String> all(String text, String pattern) {
    Map<String, String> found = new TreeMap<>();
    Matcher each = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
    while (each.find()) {
      found.put(each.group(1), each.group(2));
    }
    return found;
  }

  /** Runs the step as it stands in the file. */
  private int run(String check) throws Exception {
    inputs.put("check", check);
    String text = action();
    Map<String, String> defaults =
        all(text, "^  ([a-z-]+):\\n    description:.*(?:\\n      .*)*\\n    default: (.*)$");
    Matcher step = Pattern.compile("^      run: '(.*)'$", Pattern.MULTILINE).matcher(text);
    assertThat(step.find()).isTrue();
    ProcessBuilder process = new ProcessBuilder("bash", "-c", step.group(1));
    all(text, "^        (SSA_[A-Z_]+): \\$\\{\\{ inputs\\.([a-z-]+) }}$")
        .forEach(
            (variable, input) ->
                process
                    .environment()
                    .put(
                        variable,
                        inputs.getOrDefault(
                            input, defaults.getOrDefault(input, "").replace("\"", ""))));
    process.environment().put("SSA_ACTION", ROOT.toString());
    process.environment().put("SSA_COMMAND", command().toString());
    process.environment().put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    process.environment().put("GITHUB_OUTPUT", folder.resolve("outputs").toString());
    process.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    return process.start().waitFor();
  }

  /** The launcher of the classes that are tested. */
  private Path command() throws IOException {
    Path command = folder.resolve("ssa");
    Files.writeString(
        command,
        "#!/bin/sh\nexec '%s' '-Dssa.home=%s' -Xmx512m -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                ROOT,
                System.getProperty("java.class.path"),
                Suite.class.getName()));
    return Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private Element junit() throws Exception {
    return (Element)
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("out/check.xml").toFile())
            .getElementsByTagName("testsuite")
            .item(0);
  }

  private void baseline() {
    Path run = folder.resolve("good");
    Terminal.type(
        "run",
        "--model",
        inputs.get("model"),
        "--tasks",
        "pg19",
        "--lengths",
        64,
        "--data",
        inputs.get("data"),
        "--out",
        run);
    Path baseline = folder.resolve("baseline.json");
    Terminal.type("gate", "--write", "--baseline", baseline, "--run", run);
    inputs.put("baseline", baseline.toString());
  }

  /** Of the same shape and name, with other weights. */
  private Path other() throws IOException {
    Path model = folder.resolve("other").resolve("tiny");
    Terminal.type(
        "model", "random", "--recipe", folder.resolve("tiny.json"), "--seed", 4, "--out", model);
    Files.copy(
        Terminal.HOME.models().resolve("ssa-mini/tokenizer.json"), model.resolve("tokenizer.json"));
    return model;
  }

  @Test
  void theSameModelPassesTheGate() throws Exception {
    baseline();

    assertThat(run("gate")).as(log()).isZero();
    assertThat(Files.readString(folder.resolve("outputs")))
        .contains("outcome=pass\n", "junit=" + folder.resolve("out/check.xml"));
    assertThat(Files.readString(folder.resolve("summary.md"))).contains("Outcome: **pass**");
    assertThat(junit().getAttribute("failures")).isEqualTo("0");
    assertThat(folder.resolve("out/run/report.html")).exists();
  }

  @SlowTest
  void conformanceOfTooFewBooksIsNoPassUnlessThatIsAskedFor() throws Exception {
    inputs.put("modes", "sparse:8x1");
    inputs.put("max-kl", "0.0000000001");

    assertThat(run("conformance")).as(log()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("outputs"))).contains("outcome=cannot-tell\n");
    assertThat(junit().getAttribute("skipped")).isEqualTo("1");
    assertThat(junit().getTextContent()).contains("sparse:8x1");
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("### Conformance", "Outcome: **cannot-tell**");
    inputs.put("cannot-tell", "pass");
    assertThat(run("conformance")).as(log()).isZero();
  }

  @Test
  void aModelWithOtherWeightsDoesNotPassTheGate() throws Exception {
    baseline();
    inputs.put("margin", "0.1%");
    inputs.put("model", other().toString());

    assertThat(run("gate")).as(log()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("outputs"))).doesNotContain("outcome=pass");
  }

  @Test
  void anInputThatIsNoCheckIsRefusedInOneLine() throws Exception {
    assertThat(run("speed")).isEqualTo(2);
    assertThat(log()).isEqualTo("check: input 'check' is neither gate nor conformance\n");
  }

  @Test
  void everyInputReachesTheScriptAndEveryVariableIsAnInput() throws IOException {
    String text = action();
    String inputsPart = text.substring(0, text.indexOf("outputs:"));
    Map<String, String> declared = all(inputsPart, "^  ([a-z-]+):\\n    (description)");
    Map<String, String> passed =
        all(text, "^        SSA_[A-Z_]+: \\$\\{\\{ inputs\\.([a-z-]+) (}})$");
    assertThat(passed.keySet()).isEqualTo(declared.keySet());
    String script = Files.readString(ROOT.resolve(".ci/check"));
    all(text, "^        (SSA_[A-Z_]+): \\$\\{\\{ (inputs)")
        .keySet()
        .forEach(variable -> assertThat(script).contains("{" + variable));
  }
}
