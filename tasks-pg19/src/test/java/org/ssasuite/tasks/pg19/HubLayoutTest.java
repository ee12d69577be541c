package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/** Books and pages as repositories of a hub have them. */
class HubLayoutTest {
  private static final String RAW =
      " \n = One = \n \n Text of one . \n \n = = Part = = \n more \n = Two = \n \n two";

  @TempDir Path folder;

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static <S extends Sample> List<String> asked(Task<S> task) {
    return task.samples().map(sample -> sample.id() + task.requests(sample)).toList();
  }

  private List<String> wikitext(String data) {
    return asked(Made.task("wikitext2", folder.resolve(data)));
  }

  @Test
  void linesOfWikitextMakeTheRawFileAgain() throws IOException {
    write("own/wikitext2/wiki.test.raw", RAW);
    StringBuilder lines = new StringBuilder();
    for (String line : RAW.split("(?<=\n)", -1)) {
      lines.append("{\"text\": ").append(PythonJson.dumps(line.isBlank() ? "" : line));
      lines.append("}\n");
    }
    write("hub/wikitext-2-raw-v1/test-00000-of-00001.jsonl", lines.toString());
    assertThat(wikitext("hub")).isEqualTo(wikitext("own")).hasSize(2);
  }

  @Test
  void pagesOfWikitextArePagesOfTheRawFile() throws IOException {
    write("own/wikitext2/wiki.test.raw", RAW);
    StringBuilder pages = new StringBuilder();
    for (String page : WikiFile.split(RAW)) {
      pages.append("{\"page\": ").append(PythonJson.dumps(page)).append("}\n");
    }
    write("hub/wikitext-2-raw-v1/wikitext-2-raw-v1-test.jsonl", pages.toString());
    assertThat(wikitext("hub")).isEqualTo(wikitext("own"));
  }

  @Test
  void otherPartsOfWikitextAreNotIt() throws IOException {
    write("hub/wikitext-103-raw-v1/test-00000-of-00001.jsonl", "{\"text\": \" = A = \"}\n");
    assertThatThrownBy(() -> wikitext("hub"))
        .hasMessage(
            folder.resolve("hub/wikitext2/wiki.test.raw") + ": no such file, packed or not");
  }

  @Test
  void booksHaveTheirIdsFromTheirAddresses() throws IOException {
    write(
        "hub/data/test.jsonl",
        "{\"short_book_title\": \"t\", \"publication_date\": 1900, \"url\":"
            + " \"http://www.gutenberg.org/ebooks/17\", \"text\": \"A book.\"}\n");
    Task<?> task = Made.task("pg19", folder.resolve("hub"));
    assertThat(task.samples().map(Sample::id)).containsExactly("17");
  }
}
