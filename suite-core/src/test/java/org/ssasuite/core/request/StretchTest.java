package org.ssasuite.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.Windows.Stretch;
import org.ssasuite.core.request.Windows.Stretch.Reading;

class StretchTest {
  @Test
  void longPassRatesTheWholeStretchAtOnce() {
    assertThat(new Stretch(5000, 512, 4096).readings())
        .containsExactly(new Reading(904, 4488, 5000));
  }

  @Test
  void shortPassesRateHalfOfWhatTheyRead() {
    assertThat(new Stretch(1000, 512, 256).readings())
        .containsExactly(
            new Reading(360, 488, 616),
            new Reading(488, 616, 744),
            new Reading(616, 744, 872),
            new Reading(744, 872, 1000));
  }

  @Test
  void passOfTwiceTheStretchIsTheFirstThatRatesItAtOnce() {
    assertThat(new Stretch(1024, 512, 1024).readings()).hasSize(1);
    assertThat(new Stretch(1024, 512, 1023).readings()).hasSize(2);
  }

  @Test
  void lastPassRatesWhatIsLeft() {
    assertThat(new Stretch(20, 7, 6).readings())
        .containsExactly(new Reading(10, 13, 16), new Reading(13, 16, 19), new Reading(14, 19, 20));
  }

  @Test
  void tokensReadCountThoseOfAllPasses() {
    assertThat(new Stretch(1000, 512, 256).readTokens()).isEqualTo(1024);
  }

  @Test
  void contextThatTheDocumentDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> new Stretch(4095, 512, 4096))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Stretch(600, 512, 256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textNamesAllThree() {
    assertThat(new Stretch(5000, 512, 4096).text()).isEqualTo("stretch:5000:512:4096");
  }
}
