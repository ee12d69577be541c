package org.ssasuite.leaderboards.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Availability;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.CudaProvider;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.OperatorFailedException;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.trainer.attention.TrainerLibrary;

/** Looks at everything that a run needs. */
final class Examination {
  private static final int SHOWN_DIGITS = 12;
  private static final int PROBE_BYTES = 1 << 16;
  private static final long ENOUGH_DISK_BYTES = 256L << 20;
  private static final String CHECK_OUT = "fetch it again: it is part of the project's repository";

  private final Home home;
  private final Machine machine = Machine.current();

  Examination(Home home) {
    this.home = home;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.well("java", machine.java()));
    findings.add(Finding.well("processor", machine.processor() + "; " + instructionSets()));
    findings.add(Finding.well("threads", machine.processors() + " processors may be used"));
    findings.add(disk());
    findings.add(temporaryFolder());
    Finding onnx = onnxRuntime();
    Finding operators = operators();
    findings.add(onnx);
    findings.add(operators);
    if (onnx.well() && operators.well()) {
      findings.add(selfCheck(RuntimeOptions.cpu(machine.processors()), "self-check"));
      findings.add(cuda());
      if (CudaProvider.find() instanceof CudaProvider.Present) {
        RuntimeOptions onCuda = new RuntimeOptions(1, Device.CUDA, Precision.FP32, Isa.AUTO);
        findings.add(selfCheck(onCuda, "cuda self-check"));
      }
    }
    findings.add(trainer());
    findings.addAll(data());
    ModelShelf.embedded().forEach(name -> findings.add(model(name)));
    return List.copyOf(findings);
  }

  /** What Linux says; elsewhere the operators find out by themselves. */
  private static String instructionSets() {
    Path list = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(list)) {
      return "instruction sets unknown";
    }
    try {
      Set<String> known = new TreeSet<>();
      String text = Files.readString(list, StandardCharsets.ISO_8859_1);
      for (String flag : List.of("avx2", "avx512f", "fma")) {
        if (text.contains(" " + flag + " ")) {
          known.add(flag);
        }
      }
      return known.isEmpty() ? "neither AVX2 nor AVX-512" : String.join(" ", known);
    } catch (IOException e) {
      return "instruction sets unknown: " + e.getMessage();
    }
  }

  private Finding disk() {
    try {
      long free = Files.getFileStore(home.root()).getUsableSpace();
      String fact = String.format(Locale.ROOT, "%,d MiB free at %s", free >> 20, home.root());
      return free >= ENOUGH_DISK_BYTES
          ? Finding.well("disk", fact)
          : Finding.bad("disk", fact, "free 256 MiB for the build and for run folders");
    } catch (IOException e) {
      return Finding.bad("disk", e.getMessage(), "make the folder readable");
    }
  }

  private static Finding temporaryFolder() {
    String folder = System.getProperty("java.io.tmpdir");
    try {
      Path probe = Files.createTempFile("ssa-", ".probe");
      Files.write(probe, new byte[PROBE_BYTES]);
      Files.delete(probe);
      return Finding.well("temporary", folder + "; caches in " + UserHome.cache());
    } catch (IOException e) {
      return Finding.bad(
          "temporary",
          folder + " cannot be written: " + e.getMessage(),
          "name another folder with TMPDIR, or with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR");
    }
  }

  private static Finding onnxRuntime() {
    try {
      return Finding.well("onnx runtime", "version " + OnnxSession.version());
    } catch (BadInputException e) {
      return Finding.bad(
          "onnx runtime",
          e.getMessage(),
          "Linux, macOS or Windows on x86-64 or arm64, and the operators, are needed");
    }
  }

  private static Finding operators() {
    return ofLibrary(
        "operators",
        OperatorLibrary.find(),
        library -> library.file() + ", sha256 " + shown(library.digest()));
  }

  private static Finding cuda() {
    CudaProvider.Availability found = CudaProvider.find();
    if (found instanceof CudaProvider.Absent absent) {
      return absent.built()
          ? Finding.bad("cuda", absent.cause(), absent.remedy())
          : Finding.absent("cuda", absent.cause(), absent.remedy());
    }
    PagePool.CudaDevice device = ((CudaProvider.Present) found).device();
    return Finding.well(
        "cuda",
        device.text()
            + String.format(
                Locale.ROOT,
                ", %,d of %,d MiB free",
                device.freeBytes() >> 20,
                device.allBytes() >> 20));
  }

  private static Finding trainer() {
    if (!TrainerLibrary.isBuilt()) {
      return Finding.absent(
          "trainer", "not built yet", "the first './ssa train' builds and fetches what it needs");
    }
    return ofLibrary(
        "trainer",
        TrainerLibrary.find(),
        library ->
            (library.cudaAbsence().isEmpty()
                    ? "kernels for CPU and CUDA"
                    : "kernels for CPU; " + library.cudaAbsence())
                + ", sha256 "
                + shown(library.digest()));
  }

  private static <L> Finding ofLibrary(
      String part, Availability<L> found, Function<L, String> told) {
    if (found instanceof Availability.Absent<L> absent) {
      return Finding.bad(part, absent.cause(), absent.remedy());
    }
    return Finding.well(part, told.apply(found.require()));
  }

  private static Finding selfCheck(RuntimeOptions options, String name) {
    try {
      return SelfCheck.run(options, name);
    } catch (BadInputException | OperatorFailedException e) {
      return Finding.bad(name, e.getMessage(), "rebuild with 'mvn clean package -DskipTests'");
    }
  }

  private List<Finding> data() {
    try {
      Supplies supplies = TaskModules.supplies(home.data());
      // Samples that are made for a tokenizer are made, not read.
      return TaskModules.catalogue().listed(supplies).stream()
          .filter(offer -> !offer.takes().tokenizer())
          .map(offer -> data(offer, supplies))
          .toList();
    } catch (BadInputException e) {
      return List.of(Finding.bad("data", e.getMessage(), CHECK_OUT));
    }
  }

  private static Finding data(TaskOffer offer, Supplies supplies) {
    String what = "data " + offer.name();
    try {
      try {
        return Finding.well(what, facts(offer.plain(supplies)));
      } catch (BadInputException e) {
        if (!offer.takes().shots()) {
          throw e;
        }
        // What shots are drawn from is not embedded for every task; without them it works.
        TaskOrder none = offer.completed(TaskOrder.of(offer.name()).withShots(0), supplies);
        return Finding.well(
            what,
            facts(offer.make(none, Variant.NONE, supplies))
                + ", with --shots 0 only: "
                + e.getMessage());
      }
    } catch (BadInputException e) {
      return Finding.bad(what, e.getMessage(), CHECK_OUT);
    }
  }

  private static String facts(Task<?> task) {
    return task.samples().count() + " samples, sha256 " + shown(task.dataDigest());
  }

  private Finding model(String name) {
    try {
      Checkpoint checkpoint = Checkpoint.open(new ModelShelf(home).find(name));
      String digests =
          checkpoint.digests().entrySet().stream()
              .filter(file -> file.getKey().endsWith(".safetensors"))
              .map(file -> "sha256 " + shown(file.getValue()))
              .findFirst()
              .orElse("no weights");
      return Finding.well(
          "model " + name,
          String.format(Locale.ROOT, "%,d parameters, %s", checkpoint.parameters(), digests));
    } catch (BadInputException e) {
      return Finding.bad("model " + name, e.getMessage(), CHECK_OUT);
    }
  }

  private static String shown(String digest) {
    return digest.substring(0, Math.min(SHOWN_DIGITS, digest.length()));
  }
}
