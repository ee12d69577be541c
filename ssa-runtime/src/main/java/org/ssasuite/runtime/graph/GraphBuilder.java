package org.ssasuite.runtime.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.runtime.engine.Precision;

/** Writes one ONNX graph node by node. Mutable: one owner, {@link #model()} once at the end. */
public final class GraphBuilder {
  /** What ONNX Runtime 1.29 reads, and what the newest node used (Swish, opset 24) needs. */
  private static final long IR_VERSION = 11;

  private static final long OPSET = 24;

  /** Where a weight begins in a file: at multiples of a memory page, so that it can be mapped. */
  private static final long ALIGNMENT = 4_096;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("ssa");
  private final Optional<String> weightFile;
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private long end;

  /** A graph whose weights are handed over beside it, under their names. */
  public GraphBuilder() {
    this.weightFile = Optional.empty();
  }

  /**
   * A graph whose weights lie in a file beside it, at {@link #offsets}.
   *
   * @param weightFile the file's name
   */
  public GraphBuilder(String weightFile) {
    this.weightFile = Optional.of(weightFile);
  }

  /** Number formats of a graph's tensors. */
  public enum Type {
    FLOAT(1, 4, "float"),
    INT32(6, 4, "int32"),
    INT64(7, 8, "int64"),
    FLOAT16(10, 2, "float16"),
    DOUBLE(11, 8, "float64"),
    BFLOAT16(16, 2, "bfloat16");

    private final int code;
    private final int bytes;
    private final String text;

    Type(int code, int bytes, String text) {
      this.code = code;
      this.bytes = bytes;
      this.text = text;
    }

    /** What computes in a precision has tensors of this type. */
    public static Type of(Precision precision) {
      return switch (precision) {
        case FP32 -> FLOAT;
        case FP16 -> FLOAT16;
        case BF16 -> BFLOAT16;
      };
    }

    /** The number that ONNX has for it. */
    public int code() {
      return code;
    }

    /** Of one value. */
    public int bytes() {
      return bytes;
    }

    /** The name that ONNX has for it. */
    public String text() {
      return text;
    }
  }

  /**
   * Declares an input.
   *
   * @param axes a name per axis, or a number
   */
  public String input(String name, Type type, String... axes) {
    graph.addInput(value(name, type, axes));
    return name;
  }

  /** Declares an output. */
  public void output(String name, Type type, String... axes) {
    graph.addOutput(value(name, type, axes));
  }

  /** Declares an fp32 weight, little-endian and in row-major order where it lies. */
  public String weight(String name, long... shape) {
    return weight(name, Type.FLOAT, shape);
  }

  /** Declares a weight, little-endian and in row-major order where it lies. */
  public String weight(String name, Type type, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.code)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", weightFile.orElse("weights")));
    long bytes = type.bytes;
    for (long n : shape) {
      tensor.addDims(n);
      bytes = Math.multiplyExact(bytes, n);
    }
    if (weightFile.isPresent()) {
      long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      tensor.addExternalData(entry("offset", Long.toString(offset)));
      tensor.addExternalData(entry("length", Long.toString(bytes)));
      offsets.put(name, offset);
      end = offset + bytes;
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Declares a number that lies in the graph itself. */
  public String scalar(String name, float value) {
    graph.addInitializer(
        TensorProto.newBuilder().setName(name).setDataType(Type.FLOAT.code).addFloatData(value));
    return name;
  }

  /** Declares a row of whole numbers that lies in the graph itself. */
  public String numbers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(Type.INT64.code).addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
    return name;
  }

  /** Where each weight begins in the weights' file, bytes; in ascending order. */
  public Map<String, Long> offsets() {
    return Collections.unmodifiableMap(offsets);
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** A node with one output, which is named as the node. */
  public String node(String name, String operator, List<String> inputs, AttributeProto... with) {
    node("", name, operator, inputs, List.of(name), with);
    return name;
  }

  /** A node of any domain. */
  public void node(
      String domain,
      String name,
      String operator,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain(domain)
            .setName(name)
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(Arrays.asList(attributes)));
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /** The finished model, serialised. */
  public byte[] model() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("ssa-suite")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ssa").setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static ValueInfoProto value(String name, Type type, String... axes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String axis : axes) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      if (Character.isDigit(axis.charAt(0))) {
        dimension.setDimValue(Long.parseLong(axis));
      } else {
        dimension.setDimParam(axis);
      }
      shape.addDim(dimension);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.code).setShape(shape)))
        .build();
  }
}
