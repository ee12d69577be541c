package org.ssasuite.leaderboards.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.run.TrainingAudit;

/** All that can be said of a finished training run without training again. */
final class TrainingVerification {
  private TrainingVerification() {}

  /**
   * Looks at everything.
   *
   * @param data the tokens that it was trained on, if they are at hand
   * @throws BadInputException if the run is not finished, or its files cannot be read
   */
  static Verification of(Path folder, Optional<Path> data) {
    TrainingAudit audit = TrainingAudit.open(folder);
    List<Check> checks = new ArrayList<>();
    audit.files().forEach(finding -> checks.add(check(finding)));
    checks.add(
        data.map(tokens -> check(audit.tokens(tokens)))
            .orElseGet(
                () ->
                    Check.notChecked(
                        "training tokens", "digest " + audit.tokens() + ", not at hand (--data)")));
    return new Verification(checks);
  }

  private static Check check(TrainingAudit.Finding finding) {
    return Check.of(finding.subject(), finding.differences(), finding.fact());
  }
}
