package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.ssasuite.runtime.checkpoint.ModelLayout;

/**
 * A file of weights with more tensors than the model has: biases, norms, adapters and the like,
 * which it may not be read with; buffers, which change nothing; a second vocabulary head.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record AddedTensors(byte[] content) implements Seed {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LENGTH_BYTES = 8;
  private static final String HEAD = ModelLayout.Role.HEAD.tensor();
  private static final String EMBEDDING = ModelLayout.Role.EMBEDDING.tensor();

  private static final Map<String, Integer> TYPE_BYTES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("BOOL", 1),
              Map.entry("U8", 1),
              Map.entry("I8", 1),
              Map.entry("F8_E4M3", 1),
              Map.entry("F8_E5M2", 1),
              Map.entry("I16", 2),
              Map.entry("U16", 2),
              Map.entry("F16", 2),
              Map.entry("BF16", 2),
              Map.entry("I32", 4),
              Map.entry("F32", 4),
              Map.entry("F64", 8),
              Map.entry("I64", 8),
              Map.entry("C64", 8)));

  private static final List<String> CHANGING =
      List.of(
          "model.layers.0.self_attn.q_proj.bias",
          "model.layers.0.self_attn.o_proj.bias",
          "model.layers.0.mlp.down_proj.bias",
          "model.layers.0.self_attn.q_norm.weight",
          "model.layers.0.self_attn.k_norm.weight",
          "model.layers.0.self_attn.sinks",
          "model.layers.0.input_layernorm.bias",
          "model.layers.0.post_feedforward_layernorm.weight",
          "model.layers.0.self_attn.q_proj.weight_scale",
          "model.layers.0.self_attn.q_proj.lora_A.weight",
          "model.layers.1.self_attn.q_proj.weight",
          "model.norm.bias",
          "lm_head.bias",
          "score.weight");

  private static final List<String> NEEDLESS =
      List.of(
          "model.layers.0.self_attn.rotary_emb.inv_freq",
          "model.rotary_emb.inv_freq",
          "model.position_ids",
          "model.embeddings.position_ids",
          "model.layers.0.self_attn.masked_bias",
          "model.causal_mask");

  @Override
  public Mutant mutant(RandomGenerator random) {
    if (random.nextInt(50) == 0) {
      return ByteMutations.gitPointer(random);
    }
    ObjectNode header = header(content);
    byte[] data = Arrays.copyOfRange(content, dataStart(content), content.length);
    List<String> what = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String name =
          switch (random.nextInt(4)) {
            case 0 -> CHANGING.get(random.nextInt(CHANGING.size()));
            case 1 -> HEAD;
            default -> NEEDLESS.get(random.nextInt(NEEDLESS.size()));
          };
      if (!header.has(name)) {
        data =
            name.equals(HEAD) ? withHead(random, header, data) : with(random, name, header, data);
        what.add(name + " " + header.get(name).get("dtype").asText());
      }
    }
    return new Mutant("with " + String.join(", ", what), "", file(header, data));
  }

  /** As the embedding, or a little different. */
  private static byte[] withHead(RandomGenerator random, ObjectNode header, byte[] data) {
    JsonNode embedding = header.required(EMBEDDING);
    int from = embedding.required("data_offsets").get(0).asInt();
    int to = embedding.required("data_offsets").get(1).asInt();
    byte[] more = Arrays.copyOf(data, data.length + to - from);
    System.arraycopy(data, from, more, data.length, to - from);
    if (random.nextBoolean()) {
      more[data.length + 4 * random.nextInt((to - from) / 4)] ^= 1;
    }
    ObjectNode head = header.putObject(HEAD);
    head.set("dtype", embedding.get("dtype"));
    head.set("shape", embedding.get("shape"));
    head.putArray("data_offsets").add(data.length).add(more.length);
    return more;
  }

  private static byte[] with(RandomGenerator random, String name, ObjectNode header, byte[] data) {
    List<String> types = List.copyOf(TYPE_BYTES.keySet());
    String type = types.get(random.nextInt(types.size()));
    int elements = random.nextInt(20);
    byte[] more = Arrays.copyOf(data, data.length + elements * TYPE_BYTES.get(type));
    ObjectNode tensor = header.putObject(name);
    tensor.put("dtype", type).putArray("shape").add(elements);
    tensor.putArray("data_offsets").add(data.length).add(more.length);
    return more;
  }

  /**
   * What an opened file should have been refused for, or whose head should have been taken.
   *
   * @param headTensor name of the tensor that the model's vocabulary head is
   */
  static boolean rightlyRead(byte[] file, String headTensor) {
    ObjectNode header = header(file);
    return CHANGING.stream().noneMatch(header::has)
        && headTensor.equals(header.has(HEAD) && !sameHead(header, file) ? HEAD : EMBEDDING);
  }

  private static boolean sameHead(ObjectNode header, byte[] file) {
    return Arrays.equals(bytes(header, EMBEDDING, file), bytes(header, HEAD, file));
  }

  private static byte[] bytes(ObjectNode header, String name, byte[] file) {
    JsonNode offsets = header.required(name).required("data_offsets");
    int start = dataStart(file);
    return Arrays.copyOfRange(file, start + offsets.get(0).asInt(), start + offsets.get(1).asInt());
  }

  private static int dataStart(byte[] file) {
    return LENGTH_BYTES + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static ObjectNode header(byte[] file) {
    try {
      return (ObjectNode) MAPPER.readTree(file, LENGTH_BYTES, dataStart(file) - LENGTH_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] file(ObjectNode header, byte[] data) {
    try {
      byte[] head = MAPPER.writeValueAsBytes(header);
      return ByteBuffer.allocate(LENGTH_BYTES + head.length + data.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(head.length)
          .put(head)
          .put(data)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
