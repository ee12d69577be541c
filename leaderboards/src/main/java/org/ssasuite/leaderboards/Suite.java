package org.ssasuite.leaderboards;

import org.ssasuite.leaderboards.bench.BenchCommand;
import org.ssasuite.leaderboards.compare.CompareCommand;
import org.ssasuite.leaderboards.decontaminate.DecontaminateCommand;
import org.ssasuite.leaderboards.divergence.DivergenceCommand;
import org.ssasuite.leaderboards.doctor.DoctorCommand;
import org.ssasuite.leaderboards.export.ExportCommand;
import org.ssasuite.leaderboards.fuzz.FuzzCommand;
import org.ssasuite.leaderboards.gate.GateCommand;
import org.ssasuite.leaderboards.generate.GenerateCommand;
import org.ssasuite.leaderboards.listing.ListCommand;
import org.ssasuite.leaderboards.listing.ListModelsCommand;
import org.ssasuite.leaderboards.listing.ListModesCommand;
import org.ssasuite.leaderboards.listing.ListTasksCommand;
import org.ssasuite.leaderboards.logprobs.LogProbsCommand;
import org.ssasuite.leaderboards.model.ModelCommand;
import org.ssasuite.leaderboards.model.RandomModelCommand;
import org.ssasuite.leaderboards.model.RoundModelCommand;
import org.ssasuite.leaderboards.op.OpCommand;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Failures;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.leaderboards.program.Version;
import org.ssasuite.leaderboards.pull.PullCommand;
import org.ssasuite.leaderboards.report.ReportCommand;
import org.ssasuite.leaderboards.rescore.RescoreCommand;
import org.ssasuite.leaderboards.run.MergeCommand;
import org.ssasuite.leaderboards.run.RunCommand;
import org.ssasuite.leaderboards.samples.SamplesCommand;
import org.ssasuite.leaderboards.stats.StatsCommand;
import org.ssasuite.leaderboards.train.TrainCommand;
import org.ssasuite.leaderboards.train.TrainPrepareCommand;
import org.ssasuite.leaderboards.train.TrainStepCommand;
import org.ssasuite.leaderboards.verify.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ssa}: the entry point. */
@Command(
    name = "ssa",
    header = "Long-context evaluation of language models with full and block-sparse attention.",
    footer = {
      "",
      "Examples:",
      "  ssa run                                          evaluate the embedded models",
      "  ssa run --model my-llama --modes full,sparse:16x16",
      "  ssa run --model M --suite extrapolation          how far beyond its training",
      "  ssa run --model M --suite budget                 what a budget of attention buys",
      "  ssa run --model M --suite conformance            whether sparse is still the same model",
      "  ssa doctor                                       what works on this machine",
      "",
      "'ssa COMMAND --help' explains a command.",
    })
public final class Suite {
  private static final int HELP_COLUMNS = 100;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Explain and end.")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and end.")
  private boolean version;

  private Suite() {}

  /** Runs one command and ends with its exit status. */
  public static void main(String[] arguments) {
    UserHome.settle();
    Console console = Console.standard();
    int status = run(console, Home.located(), arguments);
    // Java's own failures end with 1, too: the launcher tells them apart where 1 is an answer.
    boolean no = status == ExitStatus.CHECK_SAYS_NO.code();
    System.exit(no ? Integer.getInteger("ssa.no", status) : status);
  }

  /** The same within this process: gives the exit status. */
  static int run(Console console, Home home, String... arguments) {
    int status = new Failures(console).execute(commandLine(console, home), arguments);
    console.out().flush();
    return status;
  }

  /** All commands, wired. */
  private static CommandLine commandLine(Console console, Home home) {
    CommandLine list =
        new CommandLine(new ListCommand())
            .addSubcommand(new ListTasksCommand(console, home))
            .addSubcommand(new ListModelsCommand(console, home))
            .addSubcommand(new ListModesCommand(console));
    CommandLine suite =
        new CommandLine(new Suite())
            .addSubcommand(new RunCommand(console, home))
            .addSubcommand(new MergeCommand(console, home))
            .addSubcommand(new ReportCommand(console, home))
            .addSubcommand(new CompareCommand(console))
            .addSubcommand(new GateCommand(console))
            .addSubcommand(new VerifyCommand(console, home))
            .addSubcommand(list)
            .addSubcommand(new DoctorCommand(console, home))
            .addSubcommand(new LogProbsCommand(console, home))
            .addSubcommand(new GenerateCommand(console, home))
            .addSubcommand(new StatsCommand(console, home))
            .addSubcommand(new DivergenceCommand(console, home))
            .addSubcommand(new SamplesCommand(console, home))
            .addSubcommand(new RescoreCommand(console))
            .addSubcommand(new OpCommand(console))
            .addSubcommand(new BenchCommand(console, home, Suite.class))
            .addSubcommand(new ExportCommand(console, home))
            .addSubcommand(new FuzzCommand(console, Suite.class))
            .addSubcommand(
                new CommandLine(new ModelCommand())
                    .addSubcommand(new RandomModelCommand(console))
                    .addSubcommand(new RoundModelCommand(console, home)))
            .addSubcommand(
                new CommandLine(new TrainCommand(console, home))
                    .addSubcommand(new TrainPrepareCommand(console, home))
                    .addSubcommand(new TrainStepCommand(console)))
            .addSubcommand(new DecontaminateCommand(console, home))
            .addSubcommand(new PullCommand(console));
    suite
        .getCommandSpec()
        .version("ssa " + Version.text() + home.commit().map(c -> " " + c).orElse(""));
    return suite
        .setOut(console.out())
        .setErr(console.err())
        .setUsageHelpWidth(HELP_COLUMNS)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
