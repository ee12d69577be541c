package org.ssasuite.leaderboards.run;

import java.util.Arrays;
import java.util.List;
import org.ssasuite.core.NearName;
import org.ssasuite.core.python.PythonText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what {@link Preset#text} writes, in any case. */
final class PresetName implements ITypeConverter<Preset> {
  @Override
  public Preset convert(String text) {
    String name = PythonText.lower(text).replace('_', '-');
    return Arrays.stream(Preset.values())
        .filter(preset -> preset.text().equals(name))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' " + isNone(name)));
  }

  private static String isNone(String name) {
    List<String> known = Arrays.stream(Preset.values()).map(Preset::text).toList();
    return "is none of " + String.join(", ", known) + NearName.hint(name, known);
  }
}
