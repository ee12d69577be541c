package org.ssasuite.leaderboards.pull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;

/** Which files of a repository are of any use here. */
final class NeededFiles {
  private static final Set<String> TEXTS =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "model.safetensors.index.json");

  private static final Pattern WEIGHTS =
      Pattern.compile("model(-[0-9]{5}-of-[0-9]{5})?\\.safetensors");

  private static final Pattern DATA =
      Pattern.compile("(?s).*\\.(parquet|(jsonl|json|txt|raw|lst|csv)(\\.(gz|xz|zst))?)");

  private NeededFiles() {}

  /**
   * Those of a repository, and those that are named.
   *
   * @param all of its files
   * @param named paths
   * @param only whether nothing but what is named is wanted
   * @throws BadInputException for a name that is not there, and where nothing could be used
   */
  static List<HubFile> of(HubName repository, List<HubFile> all, List<String> named, boolean only) {
    for (String path : named) {
      if (all.stream().noneMatch(file -> file.path().equals(path))) {
        List<String> paths = all.stream().map(HubFile::path).toList();
        throw new BadInputException(
            repository.text(), "has no file " + path + NearName.hint(path, paths));
      }
    }
    Set<String> asked = new HashSet<>(named);
    List<HubFile> needed = new ArrayList<>();
    for (HubFile file : all) {
      boolean own = !only && isOfUse(repository.kind(), file.path());
      if (own || asked.contains(file.path())) {
        needed.add(file);
      }
    }
    boolean weights = needed.stream().anyMatch(file -> isWeight(file.path()));
    if (!only && repository.kind() == HubKind.MODEL && !weights) {
      throw new BadInputException(
          repository.text(),
          "has no model.safetensors or shards of it, which are what is read here; name files"
              + " with --file to have those");
    }
    if (needed.isEmpty()) {
      throw new BadInputException(
          repository.text(),
          "has no file that is read here (.parquet, .jsonl, .json, .txt, .raw, .lst or .csv);"
              + " name files with --file to have those");
    }
    return needed;
  }

  private static boolean isOfUse(HubKind kind, String path) {
    return kind == HubKind.MODEL
        ? TEXTS.contains(path) || isWeight(path)
        : DATA.matcher(path).matches() && !path.startsWith(".");
  }

  private static boolean isWeight(String path) {
    return WEIGHTS.matcher(path).matches();
  }
}
