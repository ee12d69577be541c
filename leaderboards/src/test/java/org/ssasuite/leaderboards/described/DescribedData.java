package org.ssasuite.leaderboards.described;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ssasuite.leaderboards.TinyModel;

/** Data that built-in tasks read, and descriptors of the same tasks beside them. */
final class DescribedData {
  private static final String BOOKS =
      """
      {"schema": "ssasuite/task/1", "name": "my-books", "version": 1,
       "data": "pg19/beginnings.jsonl", "id": "id", "rate": {"text": "{text}", "tokens": 64}}
      """;

  private static final String ARC =
      """
      {"schema": "ssasuite/task/1", "name": "my-arc", "version": 1,
       "data": "arc/ARC-Easy-test.jsonl",
       "choose": {"prompt": "Question: {question}\\nAnswer:", "choices_field": "choices",
                  "answer": "gold",
                  "shots": {"data": "arc/ARC-Easy-train.jsonl", "count": 2, "seed": 12}}}
      """;

  private DescribedData() {}

  /** Books, questions with a split for shots, and items of LongBench. */
  static Path write(Path folder) throws IOException {
    Path data = TinyModel.data(folder);
    Files.createDirectories(data.resolve("arc"));
    Files.createDirectories(data.resolve("longbench"));
    Files.writeString(data.resolve("arc/ARC-Easy-test.jsonl"), questions("t", 7));
    Files.writeString(data.resolve("arc/ARC-Easy-train.jsonl"), questions("s", 5));
    Files.writeString(data.resolve("longbench/qasper.jsonl"), item(3) + item(60) + item(2));
    Files.writeString(data.resolve("my-books.json"), BOOKS);
    Files.writeString(data.resolve("my-arc.json"), ARC);
    Files.writeString(data.resolve("my-qasper.json"), qasper());
    return data;
  }

  private static String questions(String split, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          """
          {"id": "%s%d", "question": "What is %d and %d?", \
          "choices": ["%d", "the house number %d", "a river"], "gold": %d}
          """
              .formatted(split, i, i, i + 1, 2 * i + 1, i, i % 3));
    }
    return lines.toString();
  }

  private static String item(int sentences) {
    return """
        {"input": "Where was the house?", "context": "%s", \
        "answers": ["by the river", "The house stood"], "all_classes": null, "length": %d}
        """
        .formatted("The house stood by the river. ".repeat(sentences), 6 * sentences);
  }

  /** LongBench's own prompt for the data set. */
  private static String qasper() {
    return """
        {"schema": "ssasuite/task/1", "name": "my-qasper", "version": 1,
         "data": "longbench/qasper.jsonl", "document": "context",
         "generate": {"prompt": "%s", "answers": "answers", "metric": "token_f1",
                      "max_tokens": 128, "truncation": {"cut": "middle", "tokens": 96}}}
        """
        .formatted(
            "You are given a scientific article and a question. Answer the question as concisely as"
                + " you can, using a single phrase or sentence if possible. If the question cannot"
                + " be answered based on the information in the article, write \\\"unanswerable\\\"."
                + " If the question is a yes/no question, answer \\\"yes\\\", \\\"no\\\", or"
                + " \\\"unanswerable\\\". Do not provide any explanation.\\n\\nArticle: {context}\\n\\n"
                + " Answer the question based on the above article as concisely as you can, using a"
                + " single phrase or sentence if possible. If the question cannot be answered based"
                + " on the information in the article, write \\\"unanswerable\\\". If the question"
                + " is a yes/no question, answer \\\"yes\\\", \\\"no\\\", or \\\"unanswerable\\\"."
                + " Do not provide any explanation.\\n\\nQuestion: {input}\\n\\nAnswer:");
  }
}
