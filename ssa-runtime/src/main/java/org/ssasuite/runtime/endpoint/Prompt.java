package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a server is to read. */
public sealed interface Prompt {
  /** How many tokens it has to be for the server too. */
  int tokens();

  /** Puts it into a request. */
  void into(ObjectNode request);

  /** Token ids, which leave nothing to the server's own tokenizer; not to be changed. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Ids(int[] ids) implements Prompt {
    @Override
    public int tokens() {
      return ids.length;
    }

    @Override
    public void into(ObjectNode request) {
      ArrayNode all = request.putArray("prompt");
      for (int id : ids) {
        all.add(id);
      }
    }
  }

  /** A text that the server has said to read as so many tokens. */
  record Text(String text, int tokens) implements Prompt {
    @Override
    public void into(ObjectNode request) {
      request.put("prompt", text);
    }
  }
}
