package org.ssasuite.leaderboards.run;

import java.util.Arrays;
import java.util.List;
import org.ssasuite.core.python.PythonText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A preset's name on the command line; {@code quick} is what {@code standard} was called. */
final class PresetName implements ITypeConverter<Preset> {
  private static final String STANDARD_BEFORE = "quick";

  @Override
  public Preset convert(String given) {
    String name = PythonText.lower(given).replace('_', '-');
    if (name.equals(STANDARD_BEFORE)) {
      return Preset.STANDARD;
    }
    List<String> names = Arrays.stream(Preset.values()).map(Preset::text).toList();
    return Arrays.stream(Preset.values())
        .filter(preset -> preset.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + given + "' is none of " + String.join(", ", names)));
  }
}
